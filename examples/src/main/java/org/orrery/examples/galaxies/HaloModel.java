package org.orrery.examples.galaxies;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.orrery.cosmology.Catalog;
import org.orrery.geometry.Symmetric;
import org.orrery.geometry.Symmetry;
import org.orrery.geometry.SymmetryCheck;
import org.orrery.geometry.SymmetryReport;
import org.orrery.graph.Graph;
import org.orrery.inference.GaussianHead;
import org.orrery.inference.GaussianHead.Covariance;
import org.orrery.inference.Posterior;
import org.orrery.nn.Activation;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.ModelFormat;
import org.orrery.training.Settings;

/// A network of halos with a normal posterior of full covariance.
///
/// @param input how a box becomes a graph
/// @param options the sizes
/// @param network from a graph to a summary
/// @param head from a summary to a posterior
public record HaloModel(HaloGraph input, Options options, HaloNetwork network, GaussianHead head)
    implements
      Block,
      Estimator,
      Symmetric {
  private static final int AT_ONCE = 50;

  /// The sizes of a network.
  ///
  /// @param rounds of message passing, 0 for a set of halos without structure
  /// @param channels of halos and messages
  public record Options(int rounds, int channels) {
    /// Two rounds of 32 channels.
    public static final Options USUAL = new Options(2, 32);
  }

  /// A model that knows nothing yet.
  public static HaloModel create(HaloGraph input, Options options, Key key) {
    HaloNetwork network = HaloNetwork.create(input, options.rounds(), options.channels(), key.fold("network"));
    int numbers = GaussianHead.numbers(SimulationSet.PRIOR.dimensions(), Covariance.FULL);
    Mlp readout = Mlp.create(key.fold("readout"), network.width(), 2 * options.channels(), options.channels(), numbers)
        .withActivation(Activation.SILU);
    return new HaloModel(input, options, network,
        new GaussianHead(readout, SimulationSet.PRIOR.scaler(), Covariance.FULL));
  }

  /// What training makes small: the mean of -log p(parameters) over a batch.
  Tensor loss(Graph boxes, Mode mode) {
    return head.loss(network.apply(boxes, mode), boxes.target("parameters"), mode);
  }

  /// A posterior for each graph of a batch.
  List<Posterior> posteriors(Graph boxes) {
    return head.posteriors(summaries(boxes));
  }

  /// What the network makes of each graph, `[graphs, width]`.
  Tensor summaries(Graph boxes) {
    return Tensor.unrecorded(() -> network.apply(boxes, Mode.inference()));
  }

  /// The posterior of a catalog.
  public Posterior posterior(Catalog halos) {
    return posteriors(input.of(halos)).getFirst();
  }

  /// Those of a periodic box; with velocities along the line of sight no turns and mirrors, as that direction stays.
  @Override
  public List<Symmetry> symmetries() {
    return input.features().contains(Feature.LINE_OF_SIGHT_VELOCITIES)
        ? List.of(Symmetry.permutation(), Symmetry.periodicTranslation())
        : Symmetry.ofPeriodicBox();
  }

  /// Tries symmetries on a catalog, by all numbers that the posterior is made of.
  ///
  /// @param claims such as [#symmetries()]
  /// @param key of the random elements
  /// @throws IllegalArgumentException where a group does not act on these halos
  public SymmetryReport check(Catalog halos, List<Symmetry> claims, Key key) {
    return SymmetryCheck
        .of(this, input::of, box -> head.network().apply(network.apply(box, Mode.inference()), Mode.inference()))
        .run(HaloGraph.cloud(halos), claims, key);
  }

  @Override
  public List<Posterior> posteriors(List<Simulation> boxes) {
    List<Posterior> all = new ArrayList<>();
    for (int from = 0; from < boxes.size(); from += AT_ONCE) {
      List<Simulation> some = boxes.subList(from, Math.min(boxes.size(), from + AT_ONCE));
      all.addAll(posteriors(Graph.batch(some.stream().map(input::of).toList())));
    }
    return all;
  }

  /// How a model is kept in a file.
  public static final class Format implements ModelFormat<HaloModel> {
    @Override
    public String kind() {
      return "halo model 2";
    }

    @Override
    public Settings settings(HaloModel model) {
      String features = model.input.features().stream().sorted().map(Feature::toString)
          .collect(Collectors.joining(" "));
      return Settings.none().with("radius", model.input.radius()).with("features", features)
          .with("counts", model.input.counts())
          .with("rounds", model.options.rounds()).with("channels", model.options.channels());
    }

    @Override
    public HaloModel create(Settings settings) {
      HaloGraph input = new HaloGraph(settings.number("radius"), Feature.parse(settings.text("features")),
          HaloGraph.Counts.parse(settings.text("counts")));
      return HaloModel.create(input,
          new Options(settings.integer("rounds", 0, 16), settings.integer("channels", 1, 4096)), Key.of(0));
    }
  }
}
