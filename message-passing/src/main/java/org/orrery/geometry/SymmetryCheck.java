package org.orrery.geometry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.geometry.SymmetryReport.Change;
import org.orrery.geometry.SymmetryReport.Result;
import org.orrery.graph.Graph;
import org.orrery.nn.Block;
import org.orrery.nn.BlockObserver;
import org.orrery.nn.Observed;
import org.orrery.nn.Require;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Tries by numbers whether a model of points keeps the symmetries that it claims: the points are moved by random elements
/// of each group, and the output is held against what it should be. Where it is not, the check says which part of the
/// model breaks the symmetry.
///
/// ```java
/// SymmetryReport report = SymmetryCheck.of(model, cloud -> graph(cloud), graph -> model.apply(graph, Mode.inference()))
///     .run(cloud, Symmetry.ofPeriodicBox(), Key.of(0));
/// ```
/// An output with one row for each node or edge is compared after the permutation of nodes is undone, edges by their
/// endpoints. Otherwise the output is to stay as it is; where it is to move along, as forces do, [#withOutput(OutputRule)]
/// says how.
///
/// A part takes the blame where its output changes beyond the tolerance although nothing that it reads does: so a part that
/// turns with space and hands on what turns is none, nor is one that only receives what another has broken. What
/// [Observed] does not see is not a part.
public final class SymmetryCheck {
  private static final String NAME = "symmetry check";
  /// Of the largest number: 800 roundings of float32, which are 6e-8 each.
  private static final double ROUNDING = 5e-5;
  private static final int DRAWS = 4;

  private final Block model;
  private final Function<PointCloud, Graph> input;
  private final Function<Graph, Tensor> output;
  private final OutputRule rule;
  private final int draws;
  private final double tolerance;

  /// What the output becomes when the points are moved.
  @FunctionalInterface
  public interface OutputRule {
    /// The output that the moved points should give; rows of nodes and edges in the order of before.
    ///
    /// @param output of the points as they were
    Tensor moved(Tensor output, Motion motion);
  }

  private SymmetryCheck(Block model, Function<PointCloud, Graph> input, Function<Graph, Tensor> output, OutputRule rule,
      int draws, double tolerance) {
    this.model = model;
    this.input = input;
    this.output = output;
    this.rule = rule;
    this.draws = draws;
    this.tolerance = tolerance;
  }

  /// A check of an output that stays as it is, with four elements of each group and a tolerance for float32: 5e-5 of the
  /// largest number of the output.
  ///
  /// @param model whose parts are named
  /// @param input the graph of points, one node a point in their order
  /// @param output what the model makes of the graph; the same each time
  public static SymmetryCheck of(Block model, Function<PointCloud, Graph> input, Function<Graph, Tensor> output) {
    return new SymmetryCheck(model, input, output, (before, motion) -> before, DRAWS, ROUNDING);
  }

  /// The same for an output that moves along; [#vectors()] is one rule.
  public SymmetryCheck withOutput(OutputRule moves) {
    return new SymmetryCheck(model, input, output, moves, draws, tolerance);
  }

  /// The rule of an output `[rows, dimensions]` of vectors.
  public static OutputRule vectors() {
    return (before, motion) -> motion.vectors(before);
  }

  /// The same with so many elements of each group.
  ///
  /// @throws IllegalArgumentException unless there is at least one
  public SymmetryCheck withDraws(int elements) {
    Require.that(elements > 0, NAME, elements + " draws; at least 1 is required");
    return new SymmetryCheck(model, input, output, rule, elements, tolerance);
  }

  /// The same with another tolerance, a fraction of the largest number.
  ///
  /// @throws IllegalArgumentException unless it is positive
  public SymmetryCheck withTolerance(double fraction) {
    Require.positive(NAME, "tolerance", fraction);
    return new SymmetryCheck(model, input, output, rule, draws, fraction);
  }

  /// Tries each group on these points.
  ///
  /// @param claims the groups
  /// @param key of the random elements; equal ones for an equal key, whatever else is tried
  /// @throws IllegalArgumentException where a group does not act on these points, the graph has another number of nodes than
  ///   points, or the output of the points as they are is not finite
  public SymmetryReport run(PointCloud cloud, List<Symmetry> claims, Key key) {
    Graph before = graph(cloud);
    Tensor expected = Tensor.unrecorded(() -> output.apply(before));
    double scale = RowMatch.largest(expected.toDoubles());
    Require.that(Arrays.stream(expected.toDoubles()).allMatch(Double::isFinite), NAME,
        "the output " + expected.shape() + " of the points as they are is not finite; a finite one is required");
    List<Result> results = new ArrayList<>();
    for (Symmetry claim : claims) {
      results.add(result(claim, cloud, before, expected, scale, key.fold(claim.group())));
    }
    return new SymmetryReport(results);
  }

  private Result result(Symmetry claim, PointCloud cloud, Graph before, Tensor expected, double scale, Key key) {
    double worst = -1;
    @Nullable
    Motion worstMotion = null;
    for (int draw = 0; draw < draws; draw++) {
      Motion motion = claim.draw(cloud, key.fold(draw));
      Graph after = graph(motion.apply(cloud));
      double error = new RowMatch(before, after, motion.order(cloud.size()))
          .error(rule.moved(expected, motion), Tensor.unrecorded(() -> output.apply(after)));
      if (error > worst) {
        worst = error;
        worstMotion = motion;
      }
    }
    if (worst <= tolerance || worstMotion == null) {
      return new Result(claim.group(), worst, scale, tolerance, null, List.of());
    }
    Graph after = graph(worstMotion.apply(cloud));
    RowMatch rows = new RowMatch(before, after, worstMotion.order(cloud.size()));
    List<Change> ofGraph = ofGraph(before, after, rows);
    List<Change> ofParts = ofParts(seen(before), seen(after), rows);
    List<Change> all = new ArrayList<>(ofGraph);
    all.addAll(ofParts);
    return new Result(claim.group(), worst, scale, tolerance, culprit(ofGraph, ofParts), all);
  }

  private Graph graph(PointCloud cloud) {
    Graph graph = input.apply(cloud);
    Require.that(graph.nodeCount() == cloud.size(), NAME,
        "the graph of " + cloud.size() + " points has " + graph.nodeCount() + " nodes; one a point is required");
    return graph;
  }

  private List<BlockObserver.Application> seen(Graph graph) {
    List<BlockObserver.Application> seen = new ArrayList<>();
    Supplier<Tensor> body = () -> output.apply(graph);
    Tensor.unrecorded(() -> Observed.with(seen::add, model, body));
    return seen;
  }

  /// What the model reads: links that differ, then features.
  private static List<Change> ofGraph(Graph before, Graph after, RowMatch rows) {
    List<Change> changes = new ArrayList<>();
    if (rows.unmatched() > 0) {
      changes.add(new Change("(graph) links", rows.unmatched(), 0));
    }
    changes.add(new Change("(graph) nodes", rows.error(before.nodes(), after.nodes()), 0));
    addTo(changes, "(graph) edges", before.edges(), after.edges(), rows);
    addTo(changes, "(graph) globals", before.globals(), after.globals(), rows);
    return changes;
  }

  private static void addTo(List<Change> changes, String what, @Nullable Tensor before, @Nullable Tensor after,
      RowMatch rows) {
    if (before != null && after != null) {
      changes.add(new Change(what, rows.error(before, after), 0));
    }
  }

  /// The parts as far as both runs applied the same ones.
  private static List<Change> ofParts(List<BlockObserver.Application> before, List<BlockObserver.Application> after,
      RowMatch rows) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      BlockObserver.Application old = before.get(i);
      BlockObserver.Application now = after.get(i);
      if (!old.name().equals(now.name()) || old.use() != now.use()) {
        break;
      }
      changes.add(new Change((old.name().isEmpty() ? "(model)" : old.name()) + (old.use() == 0 ? "" : " #" + old.use()),
          error(old.outputs(), now.outputs(), rows), error(old.inputs(), now.inputs(), rows)));
    }
    return changes;
  }

  private static double error(List<Tensor> before, List<Tensor> after, RowMatch rows) {
    double worst = before.size() == after.size() ? 0 : Double.POSITIVE_INFINITY;
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      worst = Math.max(worst, rows.error(before.get(i), after.get(i)));
    }
    return worst;
  }

  private String culprit(List<Change> ofGraph, List<Change> ofParts) {
    if (ofGraph.getFirst().part().equals("(graph) links")) {
      return ofGraph.getFirst().part();
    }
    for (Change part : ofParts) {
      if (part.error() > tolerance && part.inputError() <= tolerance) {
        return part.part();
      }
    }
    return ofGraph.stream().filter(change -> change.error() > tolerance).map(Change::part).findFirst()
        .orElse("(outside the parts)");
  }
}
