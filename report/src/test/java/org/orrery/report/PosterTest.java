package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PosterTest {
  private static final Style INK = Style.filled(Tone.INK);

  /// Every kind of mark of a figure is moved by the same distance.
  @Test
  void marksKeepTheirPlacesAgainstEachOther() {
    List<Mark> inner = List.of(new Mark.Circle(new Point(3, 4), 2, INK),
        new Mark.Box(3, 4, 5, 6, 0, INK), new Mark.Segments(List.of(new Point(3, 4), new Point(9, 9)), INK),
        new Mark.Path(List.of(new Point(3, 4)), false, INK),
        Mark.Words.of(new Point(3, 4), "here", Mark.Anchor.START, Tone.INK),
        new Mark.Group("g", "", new Frame(3, 4, 10, 10), List.of(new Mark.Circle(new Point(3, 4), 1, INK))));
    Figure figure = width -> new Drawing(width, 100, "Dots", "", inner);
    Drawing drawn = new Poster(figure, "a caption", List.of()).at(300);
    List<Mark> moved = drawn.marks().subList(2, drawn.marks().size());
    Point first = ((Mark.Circle) moved.get(0)).center();
    assertTrue(first.x() > 3 && first.y() > 4);
    assertEquals(first, new Point(((Mark.Box) moved.get(1)).x(), ((Mark.Box) moved.get(1)).y()));
    assertEquals(first, ((Mark.Segments) moved.get(2)).ends().getFirst());
    assertEquals(first, ((Mark.Path) moved.get(3)).points().getFirst());
    assertEquals(first, ((Mark.Words) moved.get(4)).at());
    Mark.Group group = (Mark.Group) moved.get(5);
    assertEquals(first, ((Mark.Circle) group.marks().getFirst()).center());
    Frame clip = group.clip();
    assertTrue(clip != null && clip.left() == first.x() && clip.top() == first.y());
  }

  @Test
  void titleCaptionAndKeyAreThere() {
    Figure figure = width -> new Drawing(width, 50, "Dots", "", List.of());
    String svg = Svg.file(new Poster(figure, "of ink", List.of(
        new Poster.Key(List.of(new Mark.Circle(new Point(0, 0), 4, INK)), "a dot"))).at(300), Theme.LIGHT);
    assertTrue(svg.contains("Dots") && svg.contains("of ink") && svg.contains("a dot"));
  }
}
