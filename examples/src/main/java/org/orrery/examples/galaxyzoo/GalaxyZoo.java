package org.orrery.examples.galaxyzoo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.SharedData;
import org.orrery.losses.CrossEntropy;
import org.orrery.metrics.ConfusionMatrix;
import org.orrery.nn.Mode;
import org.orrery.optimizers.AdamW;
import org.orrery.optimizers.OneCycle;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.cpu.Parallel;
import org.orrery.training.Batches;
import org.orrery.training.Trainer;
import org.orrery.training.TrainingRun;

/// Tells the shapes of galaxies from their pictures by a convolutional network.
///
/// The last 198 galaxies in the order of the file are the test; nothing is chosen by them. Every picture is seen anew in each epoch:
/// turned by any angle, moved, enlarged, and in a mirror half of the time, where spirals wind the other way. In use the network looks
/// at the eight symmetries of each picture, those in a mirror with the two spirals exchanged, and takes the mean of what it finds.
public final class GalaxyZoo {
  /// Galaxies at the end of the file that nothing is learned from.
  public static final int TEST = 198;
  private static final int SYMMETRIES = 8;
  private static final int EVALUATED = 64;

  private GalaxyZoo() {
  }

  /// Settings of a training.
  ///
  /// @param epochs how often every picture is seen
  /// @param batch pictures in a step
  /// @param rate the highest learning rate of the one cycle
  /// @param decay of the weights
  /// @param dropout before the last map
  /// @param smoothing of the labels
  public record Settings(int epochs, int batch, double rate, double decay, double dropout, double smoothing) {
    /// What takes two to three minutes on two cores.
    public static Settings standard() {
      return new Settings(200, 48, 4e-3, 0.05, 0.3, 0.05);
    }

    /// The same with another number of epochs.
    public Settings withEpochs(int number) {
      return new Settings(number, batch, rate, decay, dropout, smoothing);
    }
  }

  /// What a trained network finds in the test.
  ///
  /// @param network that was trained
  /// @param moments that pictures are standardized with
  /// @param galaxies of the test, by their place in the file
  /// @param probabilities `[galaxies, classes]`
  /// @param confusion labels by findings
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Run(MorphologyNetwork network, double[][] moments, Indices galaxies, Tensor probabilities,
      ConfusionMatrix confusion) {
    /// The share of the galaxies whose shape was found.
    public double accuracy() {
      return confusion.accuracy();
    }

    /// The mean over the shapes of the share that was found.
    public double balanced() {
      return IntStream.range(0, confusion.classes()).mapToDouble(confusion::recall).average().orElse(Double.NaN);
    }
  }

  private record Batch(Tensor images, Indices labels) {
  }

  /// Trains once and looks at the test once. The same key gives the same bits.
  ///
  /// @throws IllegalArgumentException where there are too few galaxies to learn from
  public static Run train(GalaxyImages images, Settings settings, Key key, TrainingRun run) {
    requireEnough(images, settings);
    int count = images.size() - TEST;
    double[][] moments = images.moments(count);
    MorphologyNetwork network = MorphologyNetwork.create(Morphology.all().size(), settings.dropout(), key.fold("model"),
        16, 32, 64, 128);
    CrossEntropy crossEntropy = new CrossEntropy().withSmoothing(settings.smoothing())
        .withClassWeights(weights(images, count));
    int steps = settings.epochs() * ((count + settings.batch() - 1) / settings.batch());
    Trainer<MorphologyNetwork, Batch> trainer = Trainer.of(network,
        (MorphologyNetwork m, Batch batch, Mode mode) -> crossEntropy.mean(m.apply(batch.images(), mode),
            batch.labels()),
        new AdamW().withWeightDecay(settings.decay()).on(network)).rate(new OneCycle(settings.rate(), steps))
        .key(key.fold("training"));
    run.train(trainer, views(images, count, moments, settings.batch(), key.fold("views")), settings.epochs());
    return evaluated(images, network, moments);
  }

  /// Checks that there is something to learn from.
  ///
  /// @throws IllegalArgumentException where there are too few galaxies before the test
  public static void requireEnough(GalaxyImages images, Settings settings) {
    if (images.size() - TEST < settings.batch() / 2) {
      throw new IllegalArgumentException("galaxy-zoo: " + images.size() + " galaxies; " + TEST
          + " of them are the test, and at least " + settings.batch() / 2 + " more are required");
    }
  }

  /// 1 / sqrt of how often each shape comes, so that rare ones are not given up.
  private static Tensor weights(GalaxyImages images, int count) {
    double[] often = new double[Morphology.all().size()];
    for (int g = 0; g < count; g++) {
      often[images.shape(g).number()]++;
    }
    double[] weights = new double[often.length];
    Arrays.setAll(weights, c -> Math.sqrt(count / (often.length * Math.max(1, often[c]))));
    return Tensor.of(weights, weights.length);
  }

  /// Random views of the first galaxies, shuffled anew in each epoch.
  private static Batches<Batch> views(GalaxyImages images, int count, double[][] moments, int size, Key key) {
    return epoch -> {
      Key own = key.fold(epoch);
      int[] order = own.fold("order").permutation(count);
      return () -> IntStream.range(0, (count + size - 1) / size).mapToObj(b -> {
        int from = b * size;
        int to = Math.min(count, from + size);
        List<View> looks = new ArrayList<>();
        int[] galaxies = Arrays.copyOfRange(order, from, to);
        for (int galaxy : galaxies) {
          looks.add(View.random(own.fold(galaxy)));
        }
        return batch(images, galaxies, looks, moments);
      }).iterator();
    };
  }

  private static Batch batch(GalaxyImages images, int[] galaxies, List<View> looks, double[][] moments) {
    int each = View.SIDE * View.SIDE * 3;
    float[] pixels = new float[galaxies.length * each];
    int[] labels = new int[galaxies.length];
    Parallel.current().forEach(galaxies.length,
        i -> looks.get(i).write(images, galaxies[i], moments, pixels, i * each));
    for (int i = 0; i < galaxies.length; i++) {
      labels[i] = looks.get(i).of(images.shape(galaxies[i])).number();
    }
    return new Batch(Tensor.of(pixels, galaxies.length, View.SIDE, View.SIDE, 3), Indices.of(labels));
  }

  private static Run evaluated(GalaxyImages images, MorphologyNetwork network, double[][] moments) {
    int[] galaxies = IntStream.range(images.size() - TEST, images.size()).toArray();
    List<Tensor> parts = new ArrayList<>();
    for (int from = 0; from < galaxies.length; from += EVALUATED) {
      int[] some = Arrays.copyOfRange(galaxies, from, Math.min(galaxies.length, from + EVALUATED));
      parts.add(Tensor.unrecorded(() -> probabilities(images, network, moments, some)));
    }
    Tensor probabilities = Tensor.concat(0, parts);
    int[] labels = IntStream.of(galaxies).map(galaxy -> images.shape(galaxy).number()).toArray();
    return new Run(network, moments, Indices.of(galaxies), probabilities,
        ConfusionMatrix.of(Morphology.all().size(), probabilities.argmax(1), Indices.of(labels)));
  }

  /// The mean over the symmetries of a picture, `[galaxies, classes]`.
  static Tensor probabilities(GalaxyImages images, MorphologyNetwork network, double[][] moments, int[] galaxies) {
    int[] mirror = Morphology.all().stream().mapToInt(morphology -> morphology.mirrored().number()).toArray();
    Tensor sum = Tensor.zeros(galaxies.length, mirror.length);
    for (int s = 0; s < SYMMETRIES; s++) {
      View view = View.symmetry(s);
      List<View> looks = Collections.nCopies(galaxies.length, view);
      Tensor found = network.apply(batch(images, galaxies, looks, moments).images(), Mode.inference()).softmax(1);
      Tensor seen = view.mirrored() ? found.transpose().gatherRows(Indices.of(mirror)).transpose() : found;
      sum = sum.add(seen);
    }
    return sum.divide(SYMMETRIES);
  }

  /// The spiral of the test whose direction the network is surest of and right about, by its place in the file; the first galaxy of the
  /// test where it is right about none.
  public static int surestSpiral(GalaxyImages images, Run run) {
    float[] p = run.probabilities().toArray();
    int classes = Morphology.all().size();
    int surest = 0;
    float most = 0;
    for (int i = 0; i < run.galaxies().size(); i++) {
      Morphology shape = images.shape(run.galaxies().at(i));
      float own = p[i * classes + shape.number()];
      if (shape != shape.mirrored() && own > most) {
        surest = i;
        most = own;
      }
    }
    return run.galaxies().at(surest);
  }

  /// Several trainings that differ in their seed: run r takes the key `Key.of(seed).fold(r)`.
  ///
  /// @param runs in order
  public record Report(List<Run> runs) {
    /// Copies the list.
    public Report {
      runs = List.copyOf(runs);
    }

    /// The mean share of the test whose shape was found, in per cent.
    public double accuracy() {
      return runs.stream().mapToDouble(run -> 100 * run.accuracy()).average().orElse(Double.NaN);
    }

    /// The same with every shape counted alike.
    public double balanced() {
      return runs.stream().mapToDouble(run -> 100 * run.balanced()).average().orElse(Double.NaN);
    }

    /// One line.
    @Override
    public String toString() {
      return String.format(Locale.ROOT,
          "galaxy-zoo  test accuracy %.1f %%, mean over the five shapes %.1f %% (%d %s of %d galaxies)",
          accuracy(), balanced(), runs.size(), runs.size() == 1 ? "run" : "runs", TEST);
    }
  }

  /// The archive of the pictures: the one given, else that in `shared/data/galaxy-zoo` beside or above the checkout.
  ///
  /// @throws IOException where there is none, naming the option
  public static Path file(@Nullable Path given) throws IOException {
    if (given != null) {
      return given;
    }
    return SharedData.folder("galaxy-zoo").map(folder -> folder.resolve("galaxies.npz")).orElseThrow(
        () -> new IOException(
            "no folder shared/data/galaxy-zoo beside or above the checkout; name the archive by --data FILE"));
  }
}
