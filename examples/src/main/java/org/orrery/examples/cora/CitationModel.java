package org.orrery.examples.cora;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.orrery.graph.Adjacency;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.layers.GraphSage;
import org.orrery.messagepassing.AttentionOptions;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Dropout;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Two layers of a kind: logits = L_2(dropout(a(L_1(dropout(x))))).
///
/// @param first from words to hidden features; takes W x, made from the words without a dense x
/// @param activation a
/// @param second from hidden features to subjects
/// @param dropout of the inputs of both layers
record CitationModel(WordLayer first, Activation activation, GraphLayer second, Dropout dropout) implements Block {
  /// A layer over papers whose features are words.
  interface WordLayer {
    /// Its result `[papers, hidden]`.
    Tensor apply(Adjacency citations, WordCounts words, Mode mode);

    /// The layer itself.
    GraphLayer layer();
  }

  private record GcnOfWords(Gcn layer) implements WordLayer {
    @Override
    public Tensor apply(Adjacency citations, WordCounts words, Mode mode) {
      Tensor transformed = words.times(layer.transform());
      return layer.applyTransformed(citations, transformed, transformed, null, mode);
    }
  }

  private record GatOfWords(Gat layer) implements WordLayer {
    @Override
    public Tensor apply(Adjacency citations, WordCounts words, Mode mode) {
      return layer.applyTransformed(citations, words.times(layer.transform()), null, mode);
    }
  }

  private record SageOfWords(GraphSage layer) implements WordLayer {
    @Override
    public Tensor apply(Adjacency citations, WordCounts words, Mode mode) {
      return layer.applyTransformed(citations, words.times(layer.fromNeighbors()),
          words.times(Objects.requireNonNull(layer.fromSelf())), mode);
    }
  }

  /// Kipf & Welling 2017, section 5.2: 16 hidden features, max(x, 0), dropout 0.5.
  static CitationModel gcn(int words, int subjects, Key key) {
    return new CitationModel(new GcnOfWords(Gcn.create(words, 16, key.fold("first"))), Activation.RELU,
        Gcn.create(16, subjects, key.fold("second")), new Dropout(0.5));
  }

  /// Velickovic et al. 2018, section 3.3: 8 heads of 8 features, ELU, one head at the end, dropout 0.6 on inputs and
  /// attention.
  static CitationModel gat(int words, int subjects, Key key) {
    AttentionOptions heads = AttentionOptions.heads(8).withDropout(0.6);
    return new CitationModel(new GatOfWords(Gat.create(words, 8, heads, key.fold("first"))), Activation.elu(1),
        Gat.create(64, subjects, AttentionOptions.heads(1).withDropout(0.6), key.fold("second")), new Dropout(0.6));
  }

  /// Hamilton, Ying & Leskovec 2017 with the mean of all neighbors, at the sizes of the GCN.
  static CitationModel sage(int words, int subjects, Key key) {
    return new CitationModel(new SageOfWords(GraphSage.create(words, 16, key.fold("first"))), Activation.RELU,
        GraphSage.create(16, subjects, key.fold("second")), new Dropout(0.5));
  }

  /// The scores of the subjects, `[papers, subjects]`.
  Tensor logits(Adjacency citations, WordCounts words, Mode mode) {
    Tensor h = first.apply(citations, words.dropped(dropout, mode), mode);
    h = dropout.apply(activation.apply(h), mode);
    return second.apply(citations, h, mode);
  }

  /// Decay on the first layer alone, as Kipf & Welling have it.
  List<ParameterGroup> decayOfFirstLayer(double decay) {
    return List.of(new ParameterGroup(first.layer().trainable(), decay, 1), ParameterGroup.of(second));
  }

  /// Decay on everything but the biases.
  List<ParameterGroup> decayOfWeights(double decay) {
    List<Parameter> weights = new ArrayList<>();
    List<Parameter> biases = new ArrayList<>();
    parameters().forEach((name, parameter) -> (name.endsWith("bias") ? biases : weights).add(parameter));
    return List.of(new ParameterGroup(weights, decay, 1), new ParameterGroup(biases, 0, 1));
  }

  @Override
  public void describe(Parts parts) {
    parts.module("first", first.layer()).module("second", second);
  }
}
