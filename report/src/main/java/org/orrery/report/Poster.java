package org.orrery.report;

import java.util.ArrayList;
import java.util.List;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Words;

/// A figure that stands alone, as in a file of its own: a title and a caption above it, and below it a key of what its marks mean.
///
/// @param figure in the middle
/// @param caption one line
/// @param keys in a line below, in their order
public record Poster(Figure figure, String caption, List<Key> keys) implements Figure {
  private static final double MARGIN = 22;
  private static final double HEAD = 58;
  private static final double FOOT = 30;
  private static final double TITLE = 17;

  /// An entry of the key.
  ///
  /// @param marks drawn about (0, 0), within some ten pixels
  /// @param words to their right
  public record Key(List<Mark> marks, String words) {
    /// Copies the list.
    public Key {
      marks = List.copyOf(marks);
    }
  }

  /// Copies the list.
  public Poster {
    keys = List.copyOf(keys);
  }

  @Override
  public Drawing at(double width) {
    Drawing inner = figure.at(width - 2 * MARGIN);
    List<Mark> marks = new ArrayList<>();
    marks.add(Words.of(new Point(MARGIN, 28), inner.title(), Anchor.START, Tone.INK).heavy().sized(TITLE));
    marks.add(Words.of(new Point(MARGIN, 47), caption, Anchor.START, Tone.SOFT));
    inner.marks().forEach(mark -> marks.add(moved(mark, MARGIN, HEAD)));
    double y = HEAD + inner.height() + FOOT / 2;
    double x = MARGIN + 12;
    for (Key key : keys) {
      for (Mark mark : key.marks()) {
        marks.add(moved(mark, x, y));
      }
      Label label = Label.of(key.words());
      marks.add(Words.of(new Point(x + 17, y + 4), label, Anchor.START, Tone.INK));
      x += 17 + label.width(12) + 34;
    }
    return new Drawing(width, HEAD + inner.height() + (keys.isEmpty() ? 12 : FOOT), inner.title(), inner.description(),
        marks);
  }

  private static Mark moved(Mark mark, double dx, double dy) {
    return switch (mark) {
      case Mark.Path path -> new Mark.Path(moved(path.points(), dx, dy), path.closed(), path.style());
      case Mark.Segments segments -> new Mark.Segments(moved(segments.ends(), dx, dy), segments.style());
      case Mark.Circle circle -> new Mark.Circle(moved(circle.center(), dx, dy), circle.radius(), circle.style());
      case Mark.Box box ->
        new Mark.Box(box.x() + dx, box.y() + dy, box.width(), box.height(), box.corner(), box.style());
      case Words words -> new Words(moved(words.at(), dx, dy), words.label(), words.anchor(), words.size(),
          words.strong(), words.paint(), words.halo(), words.turned());
      case Mark.Group group -> new Mark.Group(group.name(), group.data(), group.clip() == null
          ? null
          : new Frame(group.clip().left() + dx, group.clip().top() + dy, group.clip().right() + dx,
              group.clip().bottom() + dy),
          group.marks().stream().map(each -> moved(each, dx, dy)).toList());
    };
  }

  private static List<Point> moved(List<Point> points, double dx, double dy) {
    return points.stream().map(point -> moved(point, dx, dy)).toList();
  }

  private static Point moved(Point point, double dx, double dy) {
    return new Point(point.x() + dx, point.y() + dy);
  }
}
