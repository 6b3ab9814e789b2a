package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.report.Mark.Anchor;
import org.orrery.report.Mark.Circle;
import org.orrery.report.Mark.Segments;
import org.orrery.report.Mark.Words;

/// A merger tree: time runs down to the root, the volume of a disc grows with mass, the main branch is full.
public record TreeFigure(String title, List<Double> redshifts, List<Double> logMasses, List<Integer> descendants)
    implements
      Figure {
  private static final double LARGEST = 9;

  /// Checks the sizes.
  public TreeFigure {
    redshifts = List.copyOf(redshifts);
    logMasses = List.copyOf(logMasses);
    descendants = List.copyOf(descendants);
    require(redshifts.size() == descendants.size() && logMasses.size() == descendants.size(), "tree " + title,
        redshifts.size() + " redshifts and " + logMasses.size() + " masses of " + descendants.size() + " nodes",
        "one a node");
  }

  @Override
  public Drawing at(double width) {
    int nodes = descendants.size();
    double[] columns = TreeLayout.columns(descendants, logMasses::get);
    double last = IntStream.range(0, nodes).mapToDouble(i -> columns[i]).max().orElse(0);
    double earliest = redshifts.stream().mapToDouble(z -> z).max().orElse(0);
    double latest = redshifts.stream().mapToDouble(z -> z).min().orElse(0);
    Axis time = Axis.linear(Label.of("redshift"), latest, Math.max(earliest, latest + 0.1), 6);
    Frame frame = new Frame(46, 26, width - 14, 26 + 0.72 * (width - 60));
    Plot plot = new Plot(frame, new Axis(Label.of(""), -0.5, last + 0.5, false, List.of()), time);
    plot.grid(false, true);
    time.ticks().forEach(tick -> plot.add(Words.of(new Point(frame.left() - 12, plot.y(tick.value()) + 4),
        tick.text(), Anchor.END, Tone.SOFT)));
    plot.add(Words.of(new Point(0, 12), "redshift", Anchor.START, Tone.SOFT));
    boolean[] main = mainBranch();
    double heaviest = logMasses.stream().mapToDouble(m -> m).max().orElse(0);
    List<Point> quiet = new ArrayList<>();
    List<Point> strong = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      int next = descendants.get(i);
      if (next >= 0) {
        List<Point> ends = main[i] ? strong : quiet;
        ends.add(plot.at(columns[i], redshifts.get(i)));
        ends.add(plot.at(columns[next], redshifts.get(next)));
      }
    }
    plot.add(new Segments(quiet, Style.line(Tone.QUIET, 1)));
    plot.add(new Segments(strong, Style.line(Tone.THIRD, 2)));
    Comparator<Integer> heavyFirst = Comparator.comparingDouble(i -> -logMasses.get(i));
    for (boolean onMain : new boolean[] {false, true}) {
      IntStream.range(0, nodes).filter(i -> main[i] == onMain).boxed().sorted(heavyFirst).forEach(i -> {
        double radius = Math.max(1.3, LARGEST * Math.pow(10, (logMasses.get(i) - heaviest) / 3));
        Style style = Style.filled(onMain ? Paint.of(Tone.THIRD) : Paint.mix(Tone.THIRD, 0.4, Tone.PAPER));
        plot.add(new Circle(plot.at(columns[i], redshifts.get(i)), radius, style.outlined(Paint.of(Tone.PAPER), 0.8)));
      });
    }
    long leaves = IntStream.range(0, nodes).filter(i -> !descendants.contains(i)).count();
    return new Drawing(width, frame.bottom() + 16, title,
        nodes + " nodes, " + leaves + " branches, back to redshift " + Numbers.fixed(earliest, 1), plot.marks());
  }

  /// From the root to its heaviest progenitor, and so on.
  private boolean[] mainBranch() {
    List<List<Integer>> progenitors = TreeLayout.progenitors(descendants, logMasses::get);
    boolean[] main = new boolean[descendants.size()];
    int node = TreeLayout.rootOf(title, descendants);
    main[node] = true;
    while (!progenitors.get(node).isEmpty()) {
      node = progenitors.get(node).getFirst();
      main[node] = true;
    }
    return main;
  }
}
