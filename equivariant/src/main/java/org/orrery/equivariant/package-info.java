/// Irreducible representations of O(3), the types of equivariant features.
///
/// To name one representation, use [org.orrery.equivariant.Irrep]; to lay out the columns of a feature,
/// [org.orrery.equivariant.Irreps]. For the coefficients that couple two of them, use
/// [org.orrery.equivariant.ClebschGordan].
@NullMarked
package org.orrery.equivariant;

import org.jspecify.annotations.NullMarked;
