package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.orrery.compat.AveragePool;
import org.orrery.compat.Convolution;
import org.orrery.compat.DeepMerge;
import org.orrery.compat.Kernel;
import org.orrery.compat.MaxPool;
import org.orrery.compat.Rounding;
import org.orrery.compat.SumPool;
import org.orrery.graph.Adjacency;
import org.orrery.graph.Grid;
import org.orrery.graph.Sparse;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.SenderFeatures;
import org.orrery.messagepassing.TypedLinear;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Summary;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// A convolution is message passing on a grid, a transposed one on the reversed grid, pooling an aggregation along it.
class ConvolutionIsMessagePassingTest {
  private static final int TRIALS = 40;

  private static Grid randomGrid(Key key) {
    Grid.Padding padding = List.of(Grid.Padding.values()).get(key.fold("padding").integers(1, 4)[0]);
    int axes = 1 + key.fold("axes").integers(1, 3)[0];
    List<Axis> all = new ArrayList<>();
    for (int d = 0; d < axes; d++) {
      int[] n = key.fold(d).integers(6, 3);
      all.add(new Axis(5 + n[0] + n[5], 1 + n[1], 1 + n[2], 1 + n[3] % 2, n[4], n[5]));
    }
    return Grid.of(new Window(all), padding).times(1 + key.fold("images").integers(1, 3)[0]);
  }

  /// The kernel and the edge list give the same sums and gradients, on a grid and on the reversed one.
  @TestFactory
  Stream<DynamicTest> convolutionOnAGridAgreesWithItsEdgeList() {
    return IntStream.range(0, TRIALS).mapToObj(trial -> {
      Key key = Key.of(trial);
      Grid grid = trial % 2 == 0 ? randomGrid(key) : randomGrid(key).reversed();
      int groups = 1 + key.fold("groups").integers(1, 2)[0];
      int in = groups * (1 + key.fold("in").integers(1, 5)[0]);
      int out = groups * (1 + key.fold("out").integers(1, 20)[0]);
      return DynamicTest.dynamicTest("trial " + trial + ": " + grid + " from " + in + " to " + out + " in " + groups,
          () -> {
            TypedLinear message = new TypedLinear(
                Parameter.of(Tensor.normal(key.fold("weight"), grid.window().taps(), in / groups, out)), groups);
            Tensor x = Tensor.normal(key.fold("x"), grid.senders(), in).tracked();
            requireClose(results(message, grid, x, key), results(message, grid.sparse(), x, key));
          });
    });
  }

  private static List<float[]> results(TypedLinear message, Adjacency adjacency, Tensor x, Key key) {
    Tensor receivers = Tensor.zeros(adjacency.receivers(), 1);
    Tensor y = new MessagePassing(message, Aggregation.sum(), Update.replace()).apply(adjacency, x, receivers, null,
        Mode.inference());
    Tensor probe = Tensor.normal(key.fold("probe"), y.shape().toArray());
    Gradients gradients = Gradients.of(y.multiply(probe).sum(), List.of(x, message.weight().value()));
    return List.of(y.toArray(), gradients.withRespectTo(x).toArray(),
        gradients.withRespectTo(message.weight().value()).toArray());
  }

  /// |a - b| <= 1e-5 |b| in the Euclidean norm.
  private static void requireClose(List<float[]> expected, List<float[]> actual) {
    for (int r = 0; r < expected.size(); r++) {
      double difference = 0;
      double norm = 0;
      assertEquals(expected.get(r).length, actual.get(r).length);
      for (int i = 0; i < expected.get(r).length; i++) {
        difference += Math.pow(expected.get(r)[i] - actual.get(r)[i], 2);
        norm += Math.pow(expected.get(r)[i], 2);
      }
      assertTrue(Math.sqrt(difference) <= 1e-5 * Math.sqrt(norm),
          "result or gradient " + r + " differs by " + Math.sqrt(difference) + " of " + Math.sqrt(norm));
    }
  }

  @Test
  void poolingIsAggregationAlongTheGrid() {
    Kernel kernel = Kernel.of(3, 2).stride(2, 1).padding(1, 0);
    Tensor x = Tensor.normal(Key.of(3), 2, 7, 6, 3);
    Grid grid = Grid.of(kernel.window(List.of(7, 6))).times(2);
    requireClose(List.of(along(grid, x, Aggregation.max())),
        List.of(new MaxPool(kernel, Rounding.FLOOR).apply(x).toArray()));
    requireClose(List.of(along(grid, x, Aggregation.sum())),
        List.of(new SumPool(kernel, Rounding.FLOOR).apply(x).toArray()));
    requireClose(List.of(along(grid, x, Aggregation.mean())), List.of(
        new AveragePool(kernel, Rounding.FLOOR, new AveragePool.Divisor.Cells()).apply(x).toArray()));
  }

  private static float[] along(Grid grid, Tensor x, Aggregation aggregation) {
    Tensor rows = x.reshape(grid.senders(), x.columns());
    return new MessagePassing(new SenderFeatures(), aggregation, Update.replace())
        .apply(grid.sparse(), rows, Tensor.zeros(grid.receivers(), 1), null, Mode.inference()).toArray();
  }

  /// With the other side beyond the box a convolution commutes with a turn of the image.
  @Test
  void aCircularConvolutionCommutesWithShifts() {
    Convolution layer = Convolution.create(2, 3, Kernel.of(3, 3).same().beyond(Grid.Padding.CIRCULAR), Key.of(4));
    Tensor x = Tensor.normal(Key.of(5), 1, 6, 7, 2);
    requireClose(List.of(turned(layer.apply(x)).toArray()), List.of(layer.apply(turned(x)).toArray()));
  }

  private static Tensor turned(Tensor x) {
    Tensor down = Tensor.concat(1, x.slice(1, 4, 6), x.slice(1, 0, 4));
    return Tensor.concat(2, down.slice(2, 3, 7), down.slice(2, 0, 3));
  }

  /// Ciprijanovic et al.: the parameters of the layers that have any, for 75 x 75 images in three filters.
  @Test
  void deepMergeHasTheParametersOfItsPaper() {
    Summary summary = Summary.of(DeepMerge.create(3, 75, 75, 2, Key.of(1)));
    assertEquals(List.of(608L, 16L, 1168L, 32L, 4640L, 64L, 165952L, 2080L, 66L),
        summary.rows().stream().map(Summary.Row::trainable).filter(count -> count > 0).toList());
  }

  @Test
  void errorsSayWhatCameAndWhatIsRequired() {
    Key key = Key.of(1);
    Convolution layer = Convolution.create(3, 4, Kernel.of(5, 5).padding(1), key);
    message("Convolution: [2, 8, 8, 4]; 3 channels, the last axis, are required",
        () -> layer.apply(Tensor.zeros(2, 8, 8, 4)));
    message("a kernel of 5 taps is larger than the padded input of 4 cells (2 and padding 1 + 1)",
        () -> layer.apply(Tensor.zeros(2, 2, 8, 3)));
    message("images [batch, height, width, channels] are required", () -> layer.apply(Tensor.zeros(8, 8, 3)));
    message("from 4 to 6 channels in 4 groups", () -> Convolution.create(4, 6, Kernel.of(3), 4, key));
    message("per type: edges have no types", () -> new TypedLinear(Parameter.of(Tensor.zeros(2, 3, 4))).along(
        Sparse.of(2, Indices.of(0), Indices.of(1)),
        Tensor.zeros(2, 3), Tensor.zeros(2, 3), null, Mode.inference()));
  }

  private static void message(String part, Executable body) {
    String message = String.valueOf(assertThrows(IllegalArgumentException.class, body).getMessage());
    assertTrue(message.contains(part), message);
  }
}
