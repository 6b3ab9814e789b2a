package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.List;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// Rows of texts under a head: the first column names the row, the others are set to the right.
public record DataTable(String title, List<Label> head, List<List<String>> rows) implements Figure {
  private static final double STEP = 26;

  /// Checks the sizes.
  public DataTable {
    head = List.copyOf(head);
    rows = rows.stream().map(List::copyOf).toList();
    int columns = head.size();
    require(columns >= 1, "table " + title, "no columns", "at least one");
    rows.forEach(
        row -> require(row.size() == columns, "table " + title, row.size() + " entries", columns + " columns"));
  }

  /// As HTML.
  public String html() {
    StringBuilder out = new StringBuilder("<table><thead><tr>");
    head.forEach(label -> out.append("<th scope=\"col\">").append(label.html()).append("</th>"));
    out.append("</tr></thead><tbody>");
    for (List<String> row : rows) {
      out.append("<tr><th scope=\"row\">").append(Escape.text(row.getFirst())).append("</th>");
      row.stream().skip(1).forEach(text -> out.append("<td>").append(Escape.text(text)).append("</td>"));
      out.append("</tr>");
    }
    return out.append("</tbody></table>").toString();
  }

  @Override
  public Drawing at(double width) {
    double[] needed = new double[head.size()];
    for (int c = 0; c < needed.length; c++) {
      needed[c] = head.get(c).width(12) + 16;
      for (List<String> row : rows) {
        needed[c] = Math.max(needed[c], Label.of(row.get(c)).width(12) + 16);
      }
    }
    double total = 0;
    for (double each : needed) {
      total += each;
    }
    double stretch = Math.max(1, width / total);
    List<Mark> marks = new ArrayList<>();
    List<Point> rules = new ArrayList<>();
    for (int r = 0; r <= rows.size(); r++) {
      double y = 18 + r * STEP;
      double x = 0;
      for (int c = 0; c < needed.length; c++) {
        double right = x + needed[c] * stretch;
        Label text = r == 0 ? head.get(c) : Label.of(rows.get(r - 1).get(c));
        marks.add(Words.of(new Point(c == 0 ? 0 : right - 2, y), text, c == 0 ? Anchor.START : Anchor.END,
            r == 0 ? Tone.SOFT : Tone.INK));
        x = right;
      }
      rules.add(new Point(0, y + 8));
      rules.add(new Point(total * stretch, y + 8));
    }
    marks.add(new Segments(rules, Style.line(Tone.RULE, 1)));
    return new Drawing(total * stretch, 18 + rows.size() * STEP + 12, title,
        rows.size() + " rows of " + head.size() + " columns", marks);
  }
}
