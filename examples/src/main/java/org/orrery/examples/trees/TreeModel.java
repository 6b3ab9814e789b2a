package org.orrery.examples.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.inference.Posterior;
import org.orrery.inference.Predictions;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.ModelFormat;
import org.orrery.training.Scaler;
import org.orrery.training.Settings;

/// A network of merger trees with a normal posterior.
///
/// @param options the sizes
/// @param network from trees to states
/// @param head from a summary to a posterior
public record TreeModel(Options options, TreeNetwork network, GaussianHead head) implements Block {
  private static final int AT_ONCE = 8;
  private static final int HIDDEN = 64;
  private static final double SUM_SCALE = 0.01;

  /// What a posterior is about.
  public enum Target {
    /// Each tree: its own state.
    TREE,
    /// Each node: its state.
    NODE,
    /// Each example, a set of trees: the mean and the variance over the states of its trees, and what its nodes hold together, a tree.
    SET
  }

  /// The sizes of a model.
  ///
  /// @param kind of the network
  /// @param target of the posterior
  /// @param channels numbers in the state of a node
  /// @param massUnit log10 of the mass at which the second feature is 0
  public record Options(TreeNetwork.Kind kind, Target target, int channels, double massUnit) {
  }

  /// A model that knows nothing yet.
  ///
  /// @param scaler of the parameters
  public static TreeModel create(Options options, Scaler scaler, int parameters, Key key) {
    TreeNetwork network = TreeNetwork.create(options.kind(), options.channels(), key.fold("network"));
    int width = switch (options.target()) {
      case TREE -> network.treeWidth();
      case NODE -> network.width();
      case SET -> 2 * network.treeWidth() + network.width();
    };
    Mlp readout = Mlp.create(key.fold("readout"), width, HIDDEN, GaussianHead.numbers(parameters, Covariance.FULL))
        .withActivation(Activation.SILU);
    return new TreeModel(options, network, new GaussianHead(readout, scaler, Covariance.FULL));
  }

  /// A batch as this model wants it.
  public TreeBatch batch(List<TreeExample> examples) {
    return TreeBatch.of(examples, options.massUnit());
  }

  /// What posteriors are made of: a row for each tree, node or example.
  public Tensor summaries(TreeBatch trees, Mode mode) {
    if (options.target() == Target.NODE) {
      return network.nodes(trees, mode);
    }
    TreeNetwork.Encoding encoding = network.encode(trees, mode);
    if (options.target() == Target.TREE) {
      return encoding.trees();
    }
    Tensor held = encoding.nodes().segmentSum(encoding.treeOfNode()).multiply(SUM_SCALE);
    return Tensor.concat(1, encoding.trees().segmentMean(trees.exampleOfTree()),
        encoding.trees().segmentVariance(trees.exampleOfTree()), held.segmentMean(trees.exampleOfTree()));
  }

  /// The mean of -log p(truth) over a batch.
  ///
  /// @param truths a row for each summary
  public Tensor loss(TreeBatch trees, Tensor truths, Mode mode) {
    return head.loss(summaries(trees, mode), truths, mode);
  }

  /// The posteriors of a batch: one for each tree, node or example.
  public List<Posterior> posteriors(TreeBatch trees) {
    return head.posteriors(Tensor.unrecorded(() -> summaries(trees, Mode.inference())));
  }

  /// The posteriors of examples, one for each where the target is a set, or an example has one tree.
  public List<Posterior> posteriors(List<TreeExample> examples) {
    List<Posterior> all = new ArrayList<>();
    for (int from = 0; from < examples.size(); from += AT_ONCE) {
      all.addAll(posteriors(batch(examples.subList(from, Math.min(examples.size(), from + AT_ONCE)))));
    }
    return all;
  }

  /// The same beside the truths.
  public Predictions predictions(List<TreeExample> examples) {
    return Predictions.of(posteriors(examples),
        examples.stream().map(TreeExample::truth).toArray(double[][]::new));
  }

  /// How a model is kept in a file.
  public static final class Format implements ModelFormat<TreeModel> {
    @Override
    public String kind() {
      return "tree model 1";
    }

    @Override
    public Settings settings(TreeModel model) {
      return Settings.none().with("network", model.options.kind())
          .with("target", model.options.target().name().toLowerCase(Locale.ROOT))
          .with("channels", model.options.channels()).with("mass_unit", model.options.massUnit())
          .with("parameters", model.head.dimensions());
    }

    @Override
    public TreeModel create(Settings settings) {
      Options options = new Options(TreeNetwork.Kind.parse(settings.text("network")),
          target(settings.text("target")), settings.integer("channels", 1, 4096), settings.number("mass_unit"));
      int parameters = settings.integer("parameters", 1, 64);
      return TreeModel.create(options, Scaler.empty(parameters), parameters, Key.of(0));
    }

    private static Target target(String name) {
      for (Target target : Target.values()) {
        if (target.name().toLowerCase(Locale.ROOT).equals(name)) {
          return target;
        }
      }
      throw new IllegalArgumentException("tree model: target " + name + "; tree, node or set is required");
    }
  }
}
