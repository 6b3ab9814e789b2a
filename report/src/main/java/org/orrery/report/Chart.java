package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.List;
import org.orrery.report.Axis.Tick;

/// Layers between two axes.
///
/// @param aspect height of the panel over its width
/// @param gridded hairlines at the ticks; otherwise lines along both axes
/// @param inside layers that are cut at the panel
/// @param outside layers that are not, drawn on top
public record Chart(String title, String description, Axis x, Axis y, double aspect, boolean gridded,
    List<PlotLayer> inside, List<PlotLayer> outside) implements Figure {
  /// Checks the aspect.
  public Chart {
    inside = List.copyOf(inside);
    outside = List.copyOf(outside);
    require(aspect > 0, "chart " + title, "aspect " + aspect, "a positive one");
  }

  /// A square chart with lines along its axes.
  public static Chart of(String title, Axis x, Axis y, PlotLayer... inside) {
    return new Chart(title, "", x, y, 1, false, List.of(inside), List.of());
  }

  /// Said to readers who do not see it.
  public Chart described(String text) {
    return new Chart(title, text, x, y, aspect, gridded, inside, outside);
  }

  /// With another shape.
  public Chart shaped(double heightOverWidth) {
    return new Chart(title, description, x, y, heightOverWidth, gridded, inside, outside);
  }

  /// With hairlines at the ticks.
  public Chart withGrid() {
    return new Chart(title, description, x, y, aspect, true, inside, outside);
  }

  /// With layers on top that may leave the panel.
  public Chart with(PlotLayer... more) {
    return new Chart(title, description, x, y, aspect, gridded, inside, List.of(more));
  }

  @Override
  public Drawing at(double width) {
    Plot plot = plot(width);
    plot.grid(gridded, gridded);
    plot.inside(inside);
    plot.below(!gridded);
    plot.beside(!gridded);
    outside.forEach(layer -> layer.draw(plot));
    double foot = x.label().plain().isEmpty() ? 22 : 40;
    return new Drawing(width, plot.frame().bottom() + foot, title, description, plot.marks());
  }

  /// The empty panel of this figure at this width: where values are drawn.
  public Plot plot(double width) {
    double left = 10 + y.ticks().stream().map(Tick::text).mapToDouble(text -> Label.of(text).width(12)).max().orElse(0);
    require(width > left + 40, "chart " + title, "width " + width, "more than " + (left + 40) + " pixels");
    double right = width - 5;
    return new Plot(new Frame(left, 5, right, 5 + aspect * (right - left)), x, y);
  }
}
