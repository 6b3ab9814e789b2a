package org.orrery.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.report.Label.Kind;
import org.orrery.report.Label.Run;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Box;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Group;
import org.orrery.report.Mark.Path;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;
import org.orrery.report.Style.Dash;

/// A drawing as SVG. Neighbors of one style share a group, so that a thousand marks name it once.
public final class Svg {
  static final String SANS = "Inter, 'Helvetica Neue', 'Segoe UI', Roboto, Lato, 'Nimbus Sans', Arial, sans-serif";
  static final String SERIF = "'Iowan Old Style', Charter, 'Bitstream Charter', 'Palatino Linotype', Palatino, P052, "
      + "'URW Palladio L', Georgia, serif";

  private final Theme theme;
  private final StringBuilder out = new StringBuilder();

  private Svg(Theme theme) {
    this.theme = theme;
  }

  /// The element `svg`: for [Theme#PAGE] with the page's variables, otherwise with its colors and a ground.
  public static String text(Drawing drawing, Theme theme) {
    Svg svg = new Svg(theme);
    svg.write(drawing);
    return svg.out.toString();
  }

  /// A file of its own.
  ///
  /// @throws IllegalArgumentException for [Theme#PAGE], whose variables only a page has
  public static String file(Drawing drawing, Theme theme) {
    Checks.require(theme != Theme.PAGE, "svg file", "theme " + theme, "light or dark: only a page has the variables");
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + text(drawing, theme) + "\n";
  }

  private void write(Drawing drawing) {
    String w = number(drawing.width());
    String h = number(drawing.height());
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(w).append("\" height=\"").append(h)
        .append("\" viewBox=\"0 0 ").append(w).append(' ').append(h).append("\" role=\"img\" aria-label=\"")
        .append(Escape.text(drawing.title())).append("\" font-size=\"12\" font-family=\"")
        .append(theme == Theme.PAGE ? "var(--sans)" : SANS).append("\">");
    if (theme != Theme.PAGE) {
      // In a page a title would follow the pointer as a tooltip; the label above says the same there.
      element("title", drawing.title());
    }
    element("desc", drawing.description());
    if (theme != Theme.PAGE) {
      out.append("<rect width=\"").append(w).append("\" height=\"").append(h).append("\" fill=\"")
          .append(Paint.of(Tone.PAPER).css(theme)).append("\"/>");
    }
    marks(drawing.marks());
    out.append("</svg>");
  }

  private void element(String name, String text) {
    out.append('<').append(name).append('>').append(Escape.text(text)).append("</").append(name).append('>');
  }

  private void marks(List<Mark> marks) {
    for (int i = 0; i < marks.size(); i++) {
      Style style = style(marks.get(i));
      int end = i + 1;
      while (style != null && end < marks.size() && style.equals(style(marks.get(end)))) {
        end++;
      }
      if (end > i + 1) {
        out.append("<g ").append(attributes(style)).append('>');
        marks.subList(i, end).forEach(mark -> shape(mark, () -> ""));
        out.append("</g>");
      } else {
        shape(marks.get(i), () -> " " + attributes(style));
      }
      i = end - 1;
    }
  }

  private static @Nullable Style style(Mark mark) {
    return switch (mark) {
      case Path path -> path.style();
      case Segments segments -> segments.style();
      case Circle circle -> circle.style();
      case Box box -> box.style();
      case Words words -> null;
      case Group group -> null;
    };
  }

  private void shape(Mark mark, Supplier<String> style) {
    switch (mark) {
      case Path path -> {
        out.append("<path d=\"M");
        join(path.points(), "L");
        out.append(path.closed() ? "Z\"" : "\"").append(style.get()).append("/>");
      }
      case Segments segments -> {
        out.append("<path d=\"");
        for (int i = 0; i < segments.ends().size(); i += 2) {
          out.append('M');
          join(segments.ends().subList(i, i + 2), "L");
        }
        out.append('"').append(style.get()).append("/>");
      }
      case Circle circle -> out.append("<circle cx=\"").append(number(circle.center().x())).append("\" cy=\"")
          .append(number(circle.center().y())).append("\" r=\"").append(number(circle.radius())).append('"')
          .append(style.get()).append("/>");
      case Box box -> {
        out.append("<rect");
        rectangle(box.x(), box.y(), box.width(), box.height());
        if (box.corner() > 0) {
          out.append(" rx=\"").append(number(box.corner())).append('"');
        }
        out.append(style.get()).append("/>");
      }
      case Words words -> words(words);
      case Group group -> group(group);
    }
  }

  private void group(Group group) {
    Frame clip = group.clip();
    // A nested svg cuts without an identifier, of which a page must have each once.
    out.append(clip == null ? "<g" : "<svg");
    if (clip != null) {
      rectangle(clip.left(), clip.top(), clip.width(), clip.height());
      out.append(" viewBox=\"").append(number(clip.left())).append(' ').append(number(clip.top())).append(' ')
          .append(number(clip.width())).append(' ').append(number(clip.height()))
          .append("\" style=\"overflow:hidden\"");
    }
    if (!group.name().isEmpty()) {
      out.append(" class=\"").append(group.name()).append('"');
    }
    if (!group.data().isEmpty()) {
      out.append(" data-of=\"").append(Escape.text(group.data())).append('"');
    }
    out.append('>');
    marks(group.marks());
    out.append(clip == null ? "</g>" : "</svg>");
  }

  private void rectangle(double x, double y, double width, double height) {
    out.append(" x=\"").append(number(x)).append("\" y=\"").append(number(y)).append("\" width=\"")
        .append(number(width)).append("\" height=\"").append(number(height)).append('"');
  }

  private void words(Words words) {
    out.append("<text x=\"").append(number(words.at().x())).append("\" y=\"").append(number(words.at().y()))
        .append('"');
    if (words.anchor() != Anchor.START) {
      out.append(" text-anchor=\"").append(words.anchor().name().toLowerCase(Locale.ROOT)).append('"');
    }
    if (words.turned()) {
      out.append(" transform=\"rotate(-90 ").append(number(words.at().x())).append(' ')
          .append(number(words.at().y())).append(")\"");
    }
    out.append(" style=\"fill:").append(words.paint().css(theme));
    if (words.size() != 12) {
      out.append(";font-size:").append(number(words.size())).append("px");
    }
    out.append(words.strong() ? ";font-weight:600" : "");
    Paint halo = words.halo();
    if (halo != null) {
      out.append(";paint-order:stroke;stroke-linejoin:round;stroke-width:4px;stroke:").append(halo.css(theme));
    }
    out.append("\">");
    List<Run> runs = words.label().runs();
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      boolean raised = i > 0 && runs.get(i - 1).kind() == Kind.SUBSCRIPT && run.kind() != Kind.SUBSCRIPT;
      run(run, raised, words.size());
    }
    out.append("</text>");
  }

  private void run(Run run, boolean raised, double size) {
    String text = Escape.text(run.text());
    if (run.kind() == Kind.UPRIGHT && !raised) {
      out.append(text);
      return;
    }
    out.append("<tspan");
    if (raised || run.kind() == Kind.SUBSCRIPT) {
      out.append(" dy=\"").append(raised ? "-3.5" : "3.5").append('"');
    }
    if (run.kind() == Kind.ITALIC) {
      out.append(" style=\"font-family:").append(theme == Theme.PAGE ? "var(--serif)" : SERIF)
          .append(";font-style:italic;font-size:").append(number(size * 7 / 6)).append("px\"");
    } else if (run.kind() == Kind.SUBSCRIPT) {
      out.append(" style=\"font-size:").append(number(Words.SMALLEST)).append("px\"");
    }
    out.append('>').append(text).append("</tspan>");
  }

  private void join(List<Point> points, String between) {
    for (int i = 0; i < points.size(); i++) {
      out.append(i > 0 ? between : "").append(number(points.get(i).x())).append(' ')
          .append(number(points.get(i).y()));
    }
  }

  private String attributes(@Nullable Style style) {
    if (style == null) {
      return "";
    }
    StringBuilder css = new StringBuilder("style=\"");
    Paint fill = style.fill();
    if (fill != null) {
      css.append("fill:").append(fill.css(theme));
      css.append(fill.opacity() < 1 ? ";fill-opacity:" + number(fill.opacity(), 3) : "");
    } else {
      css.append("fill:none");
    }
    Paint stroke = style.stroke();
    if (stroke != null) {
      css.append(";stroke:").append(stroke.css(theme)).append(";stroke-width:").append(number(style.width(), 2))
          .append(stroke.opacity() < 1 ? ";stroke-opacity:" + number(stroke.opacity(), 3) : "");
      if (style.dash() != Dash.SOLID) {
        css.append(";stroke-dasharray:").append(number(style.dash().pattern()[0])).append(' ')
            .append(number(style.dash().pattern()[1]));
      }
      css.append(style.dash() == Dash.DASHED ? "" : ";stroke-linecap:round");
    }
    return css.append('"').toString();
  }

  private static String number(double value) {
    return number(value, 1);
  }

  private static String number(double value, int digits) {
    double power = Math.pow(10, digits);
    long scaled = Math.round(Checks.finite("svg", value) * power);
    String text = Double.toString(Math.abs(scaled) / power);
    return (scaled < 0 ? "-" : "") + (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text);
  }
}
