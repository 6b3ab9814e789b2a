/// Geometry of points: functions of distances, what an energy of atoms or a field of galaxies is built from, and symmetries
/// that a model claims.
///
/// | to | use |
/// |---|---|
/// | describe a distance by several numbers | [org.orrery.geometry.GaussianBasis], [org.orrery.geometry.BesselBasis], [org.orrery.geometry.ChebyshevBasis], [org.orrery.geometry.SmoothFiniteBasis], [org.orrery.geometry.CosineBasis], [org.orrery.geometry.FourierBasis] |
/// | let an edge fade out towards a cutoff radius | [org.orrery.geometry.PolynomialEnvelope], [org.orrery.geometry.CosineEnvelope] |
/// | say which groups a model's output follows | [org.orrery.geometry.Symmetry], [org.orrery.geometry.Symmetric] |
/// | find out whether it does, and which part breaks it | [org.orrery.geometry.SymmetryCheck] on a [org.orrery.geometry.PointCloud] |
/// | move points by hand, or add a group | [org.orrery.geometry.Motion] |
///
/// ```java
/// RadialBasis basis = new BesselBasis(5.0, 8).times(new PolynomialEnvelope(5.0, 6));
/// Tensor features = basis.of(graph.distances()); // [edges, 8], differentiable by positions and cells
/// ```
@NullMarked
package org.orrery.geometry;

import org.jspecify.annotations.NullMarked;
