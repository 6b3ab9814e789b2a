/// Figures and pages of results.
///
/// | to | use |
/// |---|---|
/// | draw lines, bands, points, error bars, steps and histograms between two axes | [org.orrery.report.Chart], [org.orrery.report.PlotLayer], [org.orrery.report.Axis] |
/// | draw a posterior of several quantities | [org.orrery.report.TrianglePlot], [org.orrery.report.Joint] |
/// | compare methods with their intervals | [org.orrery.report.DotPlot] |
/// | draw points and links in three dimensions, a merger tree, bars, a table | [org.orrery.report.Scene], [org.orrery.report.TreeFigure], [org.orrery.report.BarList], [org.orrery.report.DataTable] |
/// | write any of them as SVG or PNG | [org.orrery.report.Svg], [org.orrery.report.Png] |
/// | write a page in one file | [org.orrery.report.ReportPage] |
/// | say what a galaxy run found, and write its page | [org.orrery.report.GalaxyResult], [org.orrery.report.GalaxyPage] |
/// | see which numbers allow which sentence | [org.orrery.report.Verdicts] |
/// | write numbers as JSON that browsers read | [org.orrery.report.FiniteJson] |
///
/// A figure is a function of its width that gives a [org.orrery.report.Drawing]; a drawing is a list of
/// [org.orrery.report.Mark], colored by [org.orrery.report.Tone].
@NullMarked
package org.orrery.report;

import org.jspecify.annotations.NullMarked;
