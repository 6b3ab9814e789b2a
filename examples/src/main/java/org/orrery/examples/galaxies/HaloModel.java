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
import org.orrery.inference.Posterior;
import org.orrery.inference.PosteriorHead;
import org.orrery.nn.Block;
import org.orrery.nn.Mode;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.training.ModelFormat;
import org.orrery.training.Settings;

/// A network of halos with a posterior.
///
/// @param input how a box becomes a graph
/// @param options the sizes
/// @param network from a graph to a summary
/// @param head from a summary to a posterior
public record HaloModel(HaloGraph input, Options options, BoxNetwork network, PosteriorHead head)
    implements
      Block,
      Estimator,
      Symmetric {
  private static final int AT_ONCE = 50;

  /// The sizes of a network.
  ///
  /// @param rounds of message passing, 0 for a set of halos without structure
  /// @param channels of halos and messages
  /// @param design of the network
  /// @param posterior its form
  public record Options(int rounds, int channels, HaloDesign design, PosteriorForm posterior) {
    /// Two rounds of 32 channels.
    public static final Options USUAL = new Options(2, 32);

    /// The default design with a normal posterior.
    public Options(int rounds, int channels) {
      this(rounds, channels, HaloDesign.ORRERY, PosteriorForm.NORMAL);
    }
  }

  /// A model that knows nothing yet.
  public static HaloModel create(HaloGraph input, Options options, Key key) {
    BoxNetwork network = options.design().network(input, options.rounds(), options.channels(), key.fold("network"));
    return new HaloModel(input, options, network,
        options.posterior().head(network.width(), options.channels(), key.fold("readout")));
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

  /// Those of a periodic box; with velocities along the line of sight no turns and mirrors, as that direction stays, and with the plain mean
  /// of coordinates no periodic translation.
  @Override
  public List<Symmetry> symmetries() {
    return options.design().symmetries(input.features());
  }

  /// Tries symmetries on a catalog, by the summary that the posterior is made of.
  ///
  /// @param claims such as [#symmetries()]
  /// @param key of the random elements
  /// @throws IllegalArgumentException where a group does not act on these halos
  public SymmetryReport check(Catalog halos, List<Symmetry> claims, Key key) {
    return SymmetryCheck.of(this, input::of, box -> network.apply(box, Mode.inference()))
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
      return "halo model 3";
    }

    @Override
    public Settings settings(HaloModel model) {
      String features = model.input.features().stream().sorted().map(Feature::toString)
          .collect(Collectors.joining(" "));
      return Settings.none().with("radius", model.input.radius()).with("features", features)
          .with("counts", model.input.counts()).with("rounds", model.options.rounds())
          .with("channels", model.options.channels()).with("design", model.options.design())
          .with("posterior", model.options.posterior());
    }

    @Override
    public HaloModel create(Settings settings) {
      HaloDesign design = HaloDesign.parse(settings.text("design"));
      HaloGraph input = new HaloGraph(settings.number("radius"), Feature.parse(settings.text("features")),
          HaloGraph.Counts.parse(settings.text("counts")), design.centroid());
      return HaloModel.create(input, new Options(settings.integer("rounds", 0, 16),
          settings.integer("channels", 1, 4096), design, PosteriorForm.parse(settings.text("posterior"))), Key.of(0));
    }
  }
}
