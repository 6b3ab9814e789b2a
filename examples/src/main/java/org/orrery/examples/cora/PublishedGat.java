package org.orrery.examples.cora;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.orrery.io.FormatException;
import org.orrery.io.NumPyArchive;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.LoopFill;
import org.orrery.messagepassing.Inputs;
import org.orrery.metrics.Metrics;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.nn.State;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The graph attention network that the authors of Velickovic et al. 2018 trained on Cora, with its weights (`W1`,
/// `a_src1`, ... of a NumPy archive).
///
/// Their scores have biases, LeakyReLU(s . W x_j + t . W x_i + b_s + b_t), which [Gat] has not. An edge feature that is 1
/// everywhere, loops included, stands for them: it adds r . W_e 1 to each head's score, and with W_e one unit vector a
/// head, r holds b_s + b_t there.
///
/// @param first 8 heads of 8 features
/// @param second one head of as many features as there are subjects
record PublishedGat(Gat first, Gat second) implements Block {
  private static final int HEADS = 8;
  private static final int CHANNELS = 8;

  /// How well a network does.
  ///
  /// @param train share of the papers that were learned from
  /// @param validation share of the papers that chose when to stop
  /// @param test share of the others
  record Accuracy(double train, double validation, double test) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "accuracy  train %.2f %%  validation %.2f %%  test %.2f %%", 100 * train,
          100 * validation, 100 * test);
    }
  }

  /// The network of an archive.
  ///
  /// @throws IOException where the archive has not these weights for this network
  static PublishedGat read(Path file, CitationNetwork network) throws IOException {
    NumPyArchive archive = NumPyArchive.read(file);
    int words = network.vocabulary();
    int subjects = network.subjects();
    AttentionOptions options = AttentionOptions.heads(HEADS).withEdges(1).withLoopFill(new LoopFill.Constant(1));
    AttentionOptions last = AttentionOptions.heads(1).withEdges(1).withLoopFill(new LoopFill.Constant(1));
    PublishedGat gat = new PublishedGat(Gat.create(words, CHANNELS, options, Key.of(0)),
        Gat.create(HEADS * CHANNELS, subjects, last, Key.of(1)));
    Source source = new Source(archive, file);
    source.fill(gat.first, "1", HEADS, words, CHANNELS);
    source.fill(gat.second, "2", 1, HEADS * CHANNELS, subjects);
    return gat;
  }

  private record Source(NumPyArchive archive, Path file) {
    /// The weights of a layer, `W [heads, in, channels]`, under the names of [Gat].
    void fill(Gat layer, String number, int heads, int in, int channels) throws IOException {
      Map<String, Tensor> state = new LinkedHashMap<>();
      Tensor weight = tensor("W" + number, Shape.of(heads, in, channels));
      state.put("lin.weight", weight.permute(0, 2, 1).reshape(heads * channels, in));
      Shape vectors = Shape.of(1, heads, channels);
      state.put("att_src", tensor("a_src" + number, vectors));
      state.put("att_dst", tensor("a_dst" + number, vectors));
      state.put("bias", tensor("bias" + number, Shape.of(heads * channels)));
      Tensor first = Tensor.concat(2, Tensor.ones(1, heads, 1), Tensor.zeros(1, heads, channels - 1));
      Tensor biases = tensor("a_src" + number + "_bias", Shape.of(1, heads, 1))
          .add(tensor("a_dst" + number + "_bias", Shape.of(1, heads, 1)));
      state.put("att_edge", first.multiply(biases));
      state.put("lin_edge.weight", first.reshape(heads * channels, 1));
      State.load(file.toString(), layer, state);
    }

    /// An array of as many numbers, in this shape.
    private Tensor tensor(String name, Shape shape) throws IOException {
      Tensor tensor = archive.array(name).tensor();
      if (tensor.shape().elements() != shape.elements()) {
        throw new FormatException(
            file + ": array " + name + " is " + tensor.shape() + "; as many numbers as " + shape + " are required");
      }
      return tensor.reshape(shape);
    }
  }

  /// The scores of the subjects, `[papers, subjects]`; words are divided by their number in each paper.
  Tensor logits(CitationNetwork network) {
    Inputs words = Inputs.of(network.graph().adjacency(), network.wordFrequencies());
    Tensor ones = Tensor.ones(network.graph().edgeCount(), 1);
    Tensor h = first.apply(words.withEdges(ones), Activation.elu(1), Mode.inference());
    return second.apply(network.graph().adjacency(), h, ones, Mode.inference());
  }

  /// How many subjects are found.
  Accuracy accuracy(CitationNetwork network) {
    Tensor logits = Tensor.unrecorded(() -> logits(network));
    return new Accuracy(share(network, logits, CitationNetwork.TRAIN),
        share(network, logits, CitationNetwork.VALIDATION), share(network, logits, CitationNetwork.TEST));
  }

  private static double share(CitationNetwork network, Tensor logits, String mask) {
    return Metrics.accuracy(logits.gatherRows(network.graph().mask(mask)), network.subjectsOf(mask));
  }
}
