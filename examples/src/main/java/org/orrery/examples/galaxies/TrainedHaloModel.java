package org.orrery.examples.galaxies;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.orrery.cosmology.Catalog;
import org.orrery.graph.Graph;
import org.orrery.inference.CalibrationFactor;
import org.orrery.inference.Misspecification;
import org.orrery.inference.Posterior;
import org.orrery.nn.Block;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Tensor;
import org.orrery.training.ModelFormat;
import org.orrery.training.Settings;

/// A halo model with what somebody else's catalog needs: the boxes that it was trained on in a few numbers each, the factor on its widths,
/// and which halos it has seen.
///
/// @param model the network and its posterior
/// @param factor on the standard deviations, fitted on validation boxes
/// @param side of its boxes, Mpc/h
/// @param halos how many it has seen of each, the heaviest
/// @param trained numbers of the boxes that it was trained on, `[boxes, numbers]`
/// @param unseen numbers of the boxes that it was not trained on
public record TrainedHaloModel(HaloModel model, double factor, double side, int halos, Parameter trained,
    Parameter unseen) implements Block {
  private static final int MOST_BOXES = 1 << 17;
  private static final double SAME_SIDE = 0.01;
  private static final double USUAL_RATE = 0.01;

  /// How a number of a catalog compares with the boxes of training.
  ///
  /// @param name of the number
  /// @param deviations from their mean, in standard deviations
  public record Unusual(String name, double deviations) {
  }

  /// What is known of a catalog.
  ///
  /// @param posterior of Omega_m and sigma_8, with the factor
  /// @param verdict whether the catalog looks like the boxes of training
  /// @param alarmRate how often a box of the simulator raises the alarm
  /// @param unusual the numbers that are farthest off, the farthest first
  public record Answer(Posterior posterior, Misspecification.Verdict verdict, double alarmRate, List<Unusual> unusual) {
    /// Copies the list.
    public Answer {
      unusual = List.copyOf(unusual);
    }
  }

  /// A trained model with the numbers of its boxes.
  ///
  /// @param factor fitted on the validation boxes
  /// @throws IllegalArgumentException where there are fewer than two boxes of training or none of validation
  public static TrainedHaloModel of(HaloModel model, CalibrationFactor factor, SimulationSet.Recipe recipe,
      List<Simulation> training, List<Simulation> validation) {
    if (training.size() < 2 || validation.isEmpty()) {
      throw new IllegalArgumentException("trained halo model: " + training.size() + " boxes to train and "
          + validation.size() + " to validate; at least 2 and 1 are required");
    }
    return new TrainedHaloModel(model, factor.factor(0), recipe.side(), recipe.halos(), numbers(model, training),
        numbers(model, validation));
  }

  private static Parameter numbers(HaloModel model, List<Simulation> boxes) {
    double[][] rows = boxes.stream().map(box -> BoxSummary.of(model.input().of(box.halos()))).toArray(double[][]::new);
    double[] flat = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    return Parameter.statistic(Tensor.of(flat, rows.length, rows[0].length));
  }

  /// What the model says of a catalog, and whether to believe it.
  ///
  /// @param objects at least as many as the model has seen of a box; the heaviest are taken
  /// @throws IllegalArgumentException where the box has another side, or there are too few objects
  public Answer answer(Catalog objects) {
    if (Math.abs(objects.side() - side) > SAME_SIDE * side) {
      throw new IllegalArgumentException(
          "infer: a box of " + objects.side() + " Mpc/h; the model knows boxes of " + side
              + " Mpc/h alone");
    }
    if (objects.size() < halos) {
      throw new IllegalArgumentException(
          "infer: " + objects.size() + " objects; the model knows boxes of " + halos);
    }
    return answer(model.input().of(objects.heaviest(halos)));
  }

  /// The same for a graph, however its halos were linked.
  public Answer answer(Graph box) {
    double[] all = BoxSummary.of(box);
    int[] varying = varying();
    double[] own = Arrays.stream(varying).mapToDouble(i -> all[i]).toArray();
    Misspecification known = Misspecification.fit(columns(trained, varying), columns(unseen, varying));
    double rate = Math.max(USUAL_RATE, known.leastPValue());
    List<String> names = BoxSummary.names(model.input());
    double[][] moments = moments();
    List<Unusual> unusual = IntStream.of(varying)
        .mapToObj(i -> new Unusual(names.get(i), (all[i] - moments[0][i]) / moments[1][i]))
        .sorted(Comparator.comparingDouble(number -> -Math.abs(number.deviations()))).limit(3).toList();
    Posterior posterior = CalibrationFactor.of(factors()).apply(model.posteriors(box).getFirst());
    return new Answer(posterior, known.check(own, rate), rate, unusual);
  }

  private double[] factors() {
    double[] factors = new double[SimulationSet.PARAMETERS.size()];
    Arrays.fill(factors, factor);
    return factors;
  }

  /// Mean and standard deviation of the numbers of the boxes of training.
  private double[][] moments() {
    float[] values = trained.value().toArray();
    int width = trained.shape().size(1);
    int rows = trained.shape().size(0);
    double[][] moments = new double[2][width];
    for (int i = 0; i < width; i++) {
      double mean = 0;
      for (int row = 0; row < rows; row++) {
        mean += values[row * width + i] / (double) rows;
      }
      double square = 0;
      for (int row = 0; row < rows; row++) {
        square += (values[row * width + i] - mean) * (values[row * width + i] - mean) / rows;
      }
      moments[0][i] = mean;
      moments[1][i] = Math.sqrt(square);
    }
    return moments;
  }

  /// The numbers that differ from box to box: a fixed number of halos does not.
  private int[] varying() {
    double[][] moments = moments();
    return IntStream.range(0, moments[0].length)
        .filter(i -> moments[1][i] > 1e-6 * Math.max(1e-3, Math.abs(moments[0][i]))).toArray();
  }

  private static Tensor columns(Parameter table, int[] chosen) {
    float[] values = table.value().toArray();
    int width = table.shape().size(1);
    int rows = table.shape().size(0);
    double[] some = new double[rows * chosen.length];
    for (int i = 0; i < some.length; i++) {
      some[i] = values[i / chosen.length * width + chosen[i % chosen.length]];
    }
    return Tensor.of(some, rows, chosen.length);
  }

  /// How it is kept in a file.
  public static final class Format implements ModelFormat<TrainedHaloModel> {
    private final HaloModel.Format inner = new HaloModel.Format();

    @Override
    public String kind() {
      return "trained halo model 1";
    }

    @Override
    public Settings settings(TrainedHaloModel trained) {
      return inner.settings(trained.model).with("factor", trained.factor).with("side", trained.side)
          .with("halos", trained.halos).with("boxes_trained", trained.trained.shape().size(0))
          .with("boxes_unseen", trained.unseen.shape().size(0));
    }

    @Override
    public TrainedHaloModel create(Settings settings) {
      HaloModel model = inner.create(settings);
      int width = BoxSummary.names(model.input()).size();
      double factor = positive(settings, "factor");
      return new TrainedHaloModel(model, factor, positive(settings, "side"), settings.integer("halos", 2, 1 << 24),
          Parameter.statistic(Tensor.zeros(settings.integer("boxes_trained", 2, MOST_BOXES), width)),
          Parameter.statistic(Tensor.zeros(settings.integer("boxes_unseen", 1, MOST_BOXES), width)));
    }

    private static double positive(Settings settings, String name) {
      double value = settings.number(name);
      if (!(value > 0)) {
        throw new IllegalArgumentException("setting " + name + " is " + value + "; a positive number is required");
      }
      return value;
    }
  }
}
