package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.layers.GraphLayerNorm;
import org.orrery.layers.GraphNorm;
import org.orrery.layers.GraphwiseNorm;
import org.orrery.layers.InstanceNorm;
import org.orrery.layers.MeanSubtraction;
import org.orrery.layers.PairNorm;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Embedding;
import org.orrery.nn.Layer;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.RunningMoments;
import org.orrery.nn.ScaleShift;
import org.orrery.nn.State;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;

/// Layers reproduce the results and gradients of PyTorch and PyTorch Geometric from their weights, by their names.
class LayerReferenceTest {
  private static final Key KEY = Key.of(0);
  private static final Mode TRAINING = Mode.training(KEY);

  /// How a case is computed from its input x, with whatever else the file holds.
  @FunctionalInterface
  private interface Body {
    Tensor apply(Tensor x, Mode mode, SafeTensors file) throws IOException;
  }

  @TestFactory
  Stream<DynamicTest> graphwiseNorms() {
    return Stream.of(
        graphwise("graph_norm", GraphNorm.create(4)),
        graphwise("instance_norm", InstanceNorm.create(4).withRescale()),
        graphwise("layer_norm_graph", GraphLayerNorm.create(4)),
        graphwise("pair_norm", PairNorm.create()),
        graphwise("mean_subtraction", new MeanSubtraction()));
  }

  @TestFactory
  Stream<DynamicTest> otherLayers() {
    Embedding embedding = new Embedding(Parameter.of(Tensor.zeros(9, 4)), OptionalInt.empty());
    return Stream.of(
        layer("mp/norm_layer_norm_node", LayerNorm.create(4), TRAINING),
        layer("compat/layer_norm", LayerNorm.create(6), TRAINING),
        layer("compat/linear", Linear.create(6, 4, KEY), TRAINING),
        layer("compat/batch_norm1d_eval", BatchNorm.create(4), Mode.inference()),
        reference("mp/norm_batch_norm", new Wrapped(BATCH_NORM), TRAINING,
            (x, mode, file) -> BATCH_NORM.apply(x, mode)),
        reference("compat/embedding", embedding, TRAINING, (x, mode, file) -> embedding
            .apply(Indices.of(file.array("in.index").ints())).reshape(2, 3, 4)));
  }

  private static final BatchNorm BATCH_NORM = new BatchNorm(4, 1e-5, ScaleShift.create(4),
      RunningMoments.create(4, OptionalDouble.of(0.1)), BatchNorm.SingleRow.AS_INFERENCE);

  /// PyTorch Geometric's norms hold PyTorch's.
  private record Wrapped(BatchNorm module) implements Block {
  }

  private static DynamicTest graphwise(String name, GraphwiseNorm norm) {
    return reference("mp/norm_" + name, norm, TRAINING, (x, mode, file) -> {
      int[] batch = file.array("in.batch").ints();
      int graphs = 1 + Arrays.stream(batch).max().orElse(-1);
      return norm.apply(x, Segments.of(Indices.of(batch), graphs), mode);
    });
  }

  private static DynamicTest layer(String name, Layer layer, Mode mode) {
    return reference(name, layer, mode, (x, m, file) -> layer.apply(x, m));
  }

  private static DynamicTest reference(String name, Block module, Mode mode, Body body) {
    return DynamicTest.dynamicTest(name, () -> {
      Path folder = folder();
      assumeTrue(folder != null, "there is no folder shared/reference above the module");
      if (folder != null) {
        check(SafeTensors.read(folder.resolve(name + ".safetensors")), module, mode, body);
      }
    });
  }

  private static void check(SafeTensors file, Block module, Mode mode, Body body) throws IOException {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    file.arrays().forEach((key, array) -> {
      if (key.startsWith("param.")) {
        weights.put(key.substring("param.".length()), tensor(array));
      }
    });
    State.load(module, weights);
    Tensor x = file.arrays().containsKey("in.x") ? tensor(file.array("in.x")).tracked() : Tensor.of(0).tracked();
    Tensor y = body.apply(x, mode, file);
    requireNear("out.y", file.array("out.y"), y, 2e-5);
    Map<String, Tensor> wanted = new LinkedHashMap<>();
    wanted.put("grad.in.x", x);
    module.parameters().forEach((key, parameter) -> {
      if (parameter.isTrainable()) {
        wanted.put("grad.param." + key, parameter.value());
      }
    });
    Tensor loss = y.multiply(tensor(file.array("probe.y"))).sum();
    Gradients gradients = Gradients.of(loss, wanted.values());
    for (Map.Entry<String, Tensor> entry : wanted.entrySet()) {
      if (file.arrays().containsKey(entry.getKey())) {
        requireNear(entry.getKey(), file.array(entry.getKey()), gradients.withRespectTo(entry.getValue()), 1e-4);
      }
    }
    List<String> unchecked = file.arrays().keySet().stream()
        .filter(key -> key.startsWith("grad.") && !wanted.containsKey(key)).toList();
    assertTrue(unchecked.isEmpty(), () -> "gradients that no parameter has: " + unchecked);
  }

  private static Tensor tensor(NumericArray array) {
    return Tensor.of(array.shape(), array.doubles());
  }

  private static void requireNear(String name, NumericArray expected, Tensor actual, double tolerance) {
    double[] a = actual.toDoubles();
    double[] b = expected.doubles();
    assertTrue(expected.shape().equals(actual.shape()),
        () -> name + ": " + actual.shape() + " for " + expected.shape());
    double worst = 0;
    double scale = 1;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
      scale = Math.max(scale, Math.abs(b[i]));
    }
    double error = worst / scale;
    assertTrue(error <= tolerance, () -> name + " differs by " + error);
  }

  private static @Nullable Path folder() {
    for (Path above = Path.of("").toAbsolutePath(); above != null; above = above.getParent()) {
      Path reference = above.resolve("shared").resolve("reference");
      if (Files.isDirectory(reference)) {
        return reference;
      }
    }
    return null;
  }
}
