package org.orrery.examples.cora;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.orrery.optimizers.ParameterGroup;
import org.orrery.tensor.Key;

/// A published model with the settings of its paper.
public enum Recipe {
  /// Kipf & Welling 2017: 200 epochs at most, 10 without a better validation loss end it, decay on the first layer.
  GCN(0.01, 200, 10, 81.5),
  /// Velickovic et al. 2018: 100 epochs without a better validation loss end it, decay on all weights.
  GAT(0.005, 1000, 100, 83.0),
  /// Hamilton, Ying & Leskovec 2017 trained as the GCN, decay on all weights; the paper has no figure for Cora.
  SAGE(0.01, 200, 200, Double.NaN);

  private static final double WEIGHT_DECAY = 5e-4;

  private final double rate;
  private final int epochs;
  private final int patience;
  private final double published;

  Recipe(double rate, int epochs, int patience, double published) {
    this.rate = rate;
    this.epochs = epochs;
    this.patience = patience;
    this.published = published;
  }

  /// The recipe of that name, in small letters.
  ///
  /// @throws IllegalArgumentException listing the names there are
  public static Recipe named(String name) {
    return Arrays.stream(values()).filter(recipe -> recipe.toString().equals(name)).findFirst()
        .orElseThrow(() -> new IllegalArgumentException(
            "no model is called '" + name + "'; there are " + Arrays.toString(values())));
  }

  /// Learning rate.
  double rate() {
    return rate;
  }

  /// The most epochs.
  public int epochs() {
    return epochs;
  }

  /// How many epochs in a row without a better validation loss end the training.
  int patience() {
    return patience;
  }

  /// The test accuracy that the paper reports, in per cent; NaN where it has none.
  double published() {
    return published;
  }

  CitationModel create(CitationNetwork network, Key key) {
    int words = network.vocabulary();
    int subjects = network.subjects();
    return switch (this) {
      case GCN -> CitationModel.gcn(words, subjects, key);
      case GAT -> CitationModel.gat(words, subjects, key);
      case SAGE -> CitationModel.sage(words, subjects, key);
    };
  }

  List<ParameterGroup> groups(CitationModel model) {
    return switch (this) {
      case GCN -> model.decayOfFirstLayer(WEIGHT_DECAY);
      case GAT, SAGE -> model.decayOfWeights(WEIGHT_DECAY);
    };
  }

  /// The name on the command line.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
