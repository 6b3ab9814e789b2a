/// Functions of distances: what an energy of atoms or a field of galaxies is built from.
///
/// | to | use |
/// |---|---|
/// | describe a distance by several numbers | [org.orrery.geometry.GaussianBasis], [org.orrery.geometry.BesselBasis], [org.orrery.geometry.ChebyshevBasis], [org.orrery.geometry.SmoothFiniteBasis], [org.orrery.geometry.CosineBasis], [org.orrery.geometry.FourierBasis] |
/// | let an edge fade out towards a cutoff radius | [org.orrery.geometry.PolynomialEnvelope], [org.orrery.geometry.CosineEnvelope] |
///
/// ```java
/// RadialBasis basis = new BesselBasis(5.0, 8).times(new PolynomialEnvelope(5.0, 6));
/// Tensor features = basis.of(graph.distances()); // [edges, 8], differentiable by positions and cells
/// ```
@NullMarked
package org.orrery.geometry;

import org.jspecify.annotations.NullMarked;
