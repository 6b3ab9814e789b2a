package org.orrery.examples.mnist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.SharedData;
import org.orrery.io.FormatException;
import org.orrery.io.Idx;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;
import org.orrery.metrics.ConfusionMatrix;
import org.orrery.nn.Mode;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// Runs a published network over the 10,000 test digits of MNIST and holds its outputs against the published ones.
public final class Mnist {
  private static final int AT_ONCE = 500;
  private static final int SIDE = 28;

  private Mnist() {
  }

  /// What the network found.
  ///
  /// @param confusion digits by findings
  /// @param farthest the largest difference to the published outputs; NaN where there are none
  public record Report(ConfusionMatrix confusion, double farthest) {
    /// One line.
    @Override
    public String toString() {
      String outputs = Double.isNaN(farthest)
          ? ""
          : String.format(Locale.ROOT, ", outputs within %.1e of the published", farthest);
      return String.format(Locale.ROOT, "mnist  accuracy %.2f %% of %d digits%s", 100 * confusion.accuracy(),
          confusion.total(), outputs);
    }
  }

  /// Runs the network.
  ///
  /// @param digits the folder with `t10k-images-idx3-ubyte.gz` and `t10k-labels-idx1-ubyte.gz`
  /// @param published the folder with `mnist.safetensors` and, where outputs are to be compared, `reference_t10k.npz`
  /// @throws IOException where something cannot be read or does not fit
  public static Report run(Path digits, Path published) throws IOException {
    DigitNetwork network = DigitNetwork.read(published.resolve("mnist.safetensors"));
    NumericArray images = Idx.read(digits.resolve("t10k-images-idx3-ubyte.gz"));
    NumericArray labels = Idx.read(digits.resolve("t10k-labels-idx1-ubyte.gz"));
    int count = labels.shape().elements();
    if (!images.shape().equals(Shape.of(count, SIDE, SIDE))) {
      throw new FormatException(digits + ": images " + images.shape() + " and labels " + labels.shape()
          + "; [digits, 28, 28] and [digits] are required");
    }
    Tensor found = outputs(network, images.floats());
    return new Report(ConfusionMatrix.of(10, found.argmax(1), Indices.of(labels.longs())), farthest(found, published));
  }

  /// The log probabilities of each digit, some digits at a time.
  private static Tensor outputs(DigitNetwork network, float[] pixels) {
    List<Tensor> parts = new ArrayList<>();
    int step = AT_ONCE * SIDE * SIDE;
    for (int from = 0; from < pixels.length; from += step) {
      Tensor images = DigitNetwork.standardized(Arrays.copyOfRange(pixels, from, Math.min(pixels.length, from + step)));
      parts.add(Tensor.unrecorded(() -> network.apply(images, Mode.inference())));
    }
    return parts.isEmpty() ? Tensor.zeros(0, 10) : Tensor.concat(0, parts);
  }

  private static double farthest(Tensor found, Path published) throws IOException {
    Path file = published.resolve("reference_t10k.npz");
    if (!Files.exists(file)) {
      return Double.NaN;
    }
    NumericArray expected = NumPyArchive.read(file).array("log_softmax");
    if (!expected.shape().equals(found.shape())) {
      throw new FormatException(file + ": log_softmax " + expected.shape() + "; " + found.shape() + " is required");
    }
    float[] theirs = expected.floats();
    float[] ours = found.toArray();
    double farthest = 0;
    for (int i = 0; i < ours.length; i++) {
      farthest = Math.max(farthest, Math.abs(ours[i] - theirs[i]));
    }
    return farthest;
  }

  /// A folder of shared data, unless one is given.
  ///
  /// @param option that names it otherwise
  /// @throws IOException where there is none, naming the option
  public static Path folder(@Nullable Path given, String name, String option) throws IOException {
    if (given != null) {
      return given;
    }
    return SharedData.folder(name).orElseThrow(() -> new IOException(
        "no folder shared/data/" + name + " beside or above the checkout; name it by " + option + " DIR"));
  }
}
