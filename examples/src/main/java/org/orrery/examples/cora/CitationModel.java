package org.orrery.examples.cora;

import java.util.ArrayList;
import java.util.List;
import org.orrery.graph.Adjacency;
import org.orrery.layers.AttentionOptions;
import org.orrery.layers.Gat;
import org.orrery.layers.Gcn;
import org.orrery.layers.GraphSage;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.SparseRows;
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
/// @param first from words to hidden features
/// @param activation a
/// @param second from hidden features to subjects
/// @param dropout of the inputs of both layers
record CitationModel(GraphLayer first, Activation activation, GraphLayer second, Dropout dropout) implements Block {
  /// Kipf & Welling 2017, section 5.2: 16 hidden features, max(x, 0), dropout 0.5.
  static CitationModel gcn(int words, int subjects, Key key) {
    return new CitationModel(Gcn.create(words, 16, key.fold("first")), Activation.RELU,
        Gcn.create(16, subjects, key.fold("second")), new Dropout(0.5));
  }

  /// Velickovic et al. 2018, section 3.3: 8 heads of 8 features, ELU, one head at the end, dropout 0.6 on inputs and
  /// attention.
  static CitationModel gat(int words, int subjects, Key key) {
    AttentionOptions heads = AttentionOptions.heads(8).withDropout(0.6);
    return new CitationModel(Gat.create(words, 8, heads, key.fold("first")), Activation.elu(1),
        Gat.create(64, subjects, AttentionOptions.heads(1).withDropout(0.6), key.fold("second")), new Dropout(0.6));
  }

  /// Hamilton, Ying & Leskovec 2017 with the mean of all neighbors, at the sizes of the GCN.
  static CitationModel sage(int words, int subjects, Key key) {
    return new CitationModel(GraphSage.create(words, 16, key.fold("first")), Activation.RELU,
        GraphSage.create(16, subjects, key.fold("second")), new Dropout(0.5));
  }

  /// The scores of the subjects, `[papers, subjects]`. Dropout of the words' counts is that of dense features: zeros stay
  /// zero.
  Tensor logits(Adjacency citations, SparseRows words, Mode mode) {
    SparseRows kept = new SparseRows(words.entries(), dropout.apply(words.values(), mode));
    Tensor h = first.apply(Inputs.of(citations, kept), activation, mode);
    return second.apply(citations, dropout.apply(h, mode), mode);
  }

  /// Decay on the first layer alone, as Kipf & Welling have it.
  List<ParameterGroup> decayOfFirstLayer(double decay) {
    return List.of(new ParameterGroup(first.trainable(), decay, 1), ParameterGroup.of(second));
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
    parts.block("first", first).block("second", second);
  }
}
