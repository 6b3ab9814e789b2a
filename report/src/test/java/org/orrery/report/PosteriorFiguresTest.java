package org.orrery.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PosteriorFiguresTest {
  @Test
  void theShareThatHoldsTheTruthIsSaid() {
    double[] truth = {0.1, 0.2, 0.3, 0.4};
    double[] low = {0.05, 0.15, 0.35, 0.35};
    double[] high = {0.15, 0.25, 0.45, 0.45};
    Chart chart = PosteriorFigures.truthAgainstMean("mass", Tone.FIRST, truth, truth, low, high, Label.of("R² 1.000"));
    String svg = Svg.file(chart.at(400), Theme.LIGHT);
    assertTrue(svg.contains(Numbers.percent(0.75) + " hold the truth"), "three of four");
    assertTrue(svg.contains("R² 1.000"));
  }

  /// Ranks of a calibrated posterior lie evenly, so that the curve of coverage is the diagonal.
  @Test
  void evenRanksCoverAsOftenAsTheySay() {
    double[] ranks = IntStream.range(0, 1000).mapToDouble(i -> (i + 0.5) / 1000).toArray();
    Chart chart = PosteriorFigures.coverage(List.of(Label.of("x")), List.of(ranks));
    assertTrue(chart.description().contains("1000 truths"));
    Mark.Path curve = paths(chart.at(500).marks()).filter(path -> path.points().size() == 1002).findFirst()
        .orElseThrow();
    Point first = curve.points().getFirst();
    Point last = curve.points().getLast();
    for (Point point : curve.points()) {
      double along = (point.x() - first.x()) / (last.x() - first.x());
      double up = (point.y() - first.y()) / (last.y() - first.y());
      assertEquals(along, up, 0.003);
    }
  }

  private static Stream<Mark.Path> paths(List<Mark> marks) {
    return marks.stream().flatMap(mark -> switch (mark) {
      case Mark.Path path -> Stream.of(path);
      case Mark.Group group -> paths(group.marks());
      default -> Stream.<Mark.Path>empty();
    });
  }

  @Test
  void ranksOutsideOfZeroToOneAreRefused() {
    String said = assertThrows(IllegalArgumentException.class,
        () -> PosteriorFigures.ranks("x", Label.of("x"), Tone.FIRST, new double[] {0.5, 1.5}, 10)).getMessage();
    assertTrue(String.valueOf(said).contains("0..1"), said);
    assertThrows(IllegalArgumentException.class, () -> PosteriorFigures.coverage(List.of(), List.of()));
    assertThrows(IllegalArgumentException.class, () -> PosteriorFigures.truthAgainstMean("x", Tone.FIRST,
        new double[] {1}, new double[0], new double[] {1}, new double[] {1}, Label.of("")));
  }
}
