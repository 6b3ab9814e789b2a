package org.orrery.report;

import java.util.ArrayList;
import java.util.List;

/// A line of text in runs: upright, symbols in italics, subscripts.
public record Label(List<Run> runs) {
  /// What a run of characters is.
  public enum Kind {
    /// Words and numbers.
    UPRIGHT,
    /// A symbol of a formula.
    ITALIC,
    /// Below the line.
    SUBSCRIPT
  }

  /// Characters of one kind.
  public record Run(String text, Kind kind) {
  }

  /// Copies the list.
  public Label {
    runs = List.copyOf(runs);
  }

  /// Words.
  public static Label of(String text) {
    return new Label(List.of(new Run(text, Kind.UPRIGHT)));
  }

  /// A symbol with a subscript, which may be empty.
  public static Label symbol(String symbol, String subscript) {
    Label base = new Label(List.of(new Run(symbol, Kind.ITALIC)));
    return subscript.isEmpty() ? base : base.plus(new Label(List.of(new Run(subscript, Kind.SUBSCRIPT))));
  }

  /// Both in a row.
  public Label plus(Label next) {
    List<Run> all = new ArrayList<>(runs);
    all.addAll(next.runs);
    return new Label(all);
  }

  /// The characters without their kinds.
  public String plain() {
    StringBuilder out = new StringBuilder();
    runs.forEach(run -> out.append(run.text()));
    return out.toString();
  }

  /// As HTML.
  public String html() {
    StringBuilder out = new StringBuilder();
    for (Run run : runs) {
      String text = Escape.text(run.text());
      out.append(switch (run.kind()) {
        case UPRIGHT -> text;
        case ITALIC -> "<i>" + text + "</i>";
        case SUBSCRIPT -> "<sub>" + text + "</sub>";
      });
    }
    return out.toString();
  }

  /// About how wide it is in a sans-serif face of this size: enough to keep labels apart, the same on every machine.
  public double width(double size) {
    double em = 0;
    for (Run run : runs) {
      double each = run.text().codePoints().mapToDouble(Label::em).sum();
      em += run.kind() == Kind.SUBSCRIPT ? 0.85 * each : each;
    }
    return em * size;
  }

  private static double em(int character) {
    if ("iljI.,:;'|!()[]".indexOf(character) >= 0) {
      return 0.29;
    }
    if ("mwMW%\u2014".indexOf(character) >= 0) {
      return 0.86;
    }
    if (Character.isUpperCase(character)) {
      return 0.67;
    }
    return character == ' ' || character == 't' || character == 'f' || character == 'r' ? 0.34 : 0.56;
  }
}
