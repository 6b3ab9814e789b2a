package org.orrery.benchmarks;

import java.util.Map;
import org.orrery.compat.Convolution;
import org.orrery.compat.DeepMerge;
import org.orrery.compat.Kernel;
import org.orrery.compat.Recurrent;
import org.orrery.compat.TransformerEncoderLayer;
import org.orrery.compat.TransformerEncoderLayer.Options;
import org.orrery.graph.Complete;
import org.orrery.losses.CrossEntropy;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// The workloads of grids, complete graphs and paths.
final class CompatWorkloads {
  private static final Key KEY = Key.of(0);

  private CompatWorkloads() {
  }

  static void register(Map<String, Workloads.Entry> all) {
    all.put("conv3x3_8x64x56x56", new Workloads.Entry(1.0, CompatWorkloads::convolution));
    all.put("attention_8x512_d256_h4", new Workloads.Entry(0.35, CompatWorkloads::attention));
    all.put("lstm_32x100_h128", new Workloads.Entry(0.7, CompatWorkloads::lstm));
    all.put("cnn_deepmerge_64x3x75x75", new Workloads.Entry(0.9, CompatWorkloads::deepMerge));
  }

  /// A convolution of images that a gradient flows to, as the peer's.
  private record WithInput(Convolution layer, Parameter images) implements Block {
  }

  private static Workload convolution() {
    WithInput model = new WithInput(Convolution.create(64, 64, Kernel.of(3, 3).padding(1), KEY),
        Parameter.of(Tensor.normal(KEY.fold("x"), 8, 56, 56, 64)));
    return Workload.training(model, () -> model.layer().apply(model.images().value()).square().mean());
  }

  private static Workload deepMerge() {
    DeepMerge model = DeepMerge.create(3, 75, 75, 2, KEY);
    Tensor x = Tensor.normal(KEY.fold("x"), 64, 75, 75, 3);
    Indices labels = Indices.wrap(KEY.fold("labels").integers(64, 2));
    CrossEntropy loss = new CrossEntropy();
    return Workload.training(model, () -> loss.mean(model.apply(x, Mode.training(KEY)), labels));
  }

  private static Workload attention() {
    TransformerEncoderLayer layer = TransformerEncoderLayer.create(256, 4, 1024, Options.plain(), KEY);
    Tensor x = Tensor.normal(KEY.fold("x"), 8 * 512, 256);
    Complete pairs = Complete.ofEqualSizes(8, 512, Complete.Order.ALL);
    return Workload.training(layer, () -> layer.apply(pairs, x, Mode.training(KEY)).square().mean());
  }

  private static Workload lstm() {
    Recurrent layer = Recurrent.lstm(64, 128, Recurrent.Options.plain(), KEY);
    Tensor x = Tensor.normal(KEY.fold("x"), 32, 100, 64);
    return Workload.training(layer, () -> layer.apply(x, Mode.training(KEY)).square().mean());
  }
}
