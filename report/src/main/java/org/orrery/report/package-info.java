/// Figures and pages of results.
///
/// | to | use |
/// |---|---|
/// | say what a galaxy run found | [org.orrery.report.GalaxyResult] |
/// | write numbers as JSON that browsers read | [org.orrery.report.FiniteJson] |
@NullMarked
package org.orrery.report;

import org.jspecify.annotations.NullMarked;
