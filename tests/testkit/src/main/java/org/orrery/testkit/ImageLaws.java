package org.orrery.testkit;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.orrery.nn.Layer;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

/// The laws that every layer of images keeps, whatever it computes: one line for a new layer gives a test for each.
/// ```java
/// @TestFactory
/// Stream<DynamicTest> convolution() {
///   return ImageLaws.of(key -> Convolution.create(2, 3, Kernel.of(3, 3), key), 5, 6, 2).tests();
/// }
/// ```
/// The same holds for sequences `[batch, length, width]`.
public final class ImageLaws {
  /// A law of layers of images.
  public enum Law {
    /// gradients of inputs and parameters are those of central differences, in double precision
    GRADIENT,
    /// so are second derivatives
    SECOND_DERIVATIVE,
    /// several images give what each gives alone
    BATCH,
    /// no images give no results, of the same sizes, and gradients of 0
    NO_IMAGES,
    /// the results and gradients of two runs are equal to the bit
    SAME_BITS,
    /// so are those of one, two and three threads
    THREADS,
    /// fast kernels in single precision agree with the plain operations in double precision
    FAST_KERNELS,
    /// a device that has the required primitives and nothing else gives the numbers of the fast one
    PRIMITIVES
  }

  private static final double EXACT = 1e-9;
  private static final double SINGLE = 2e-5;
  private static final int MANY = 24;

  private final Function<Key, ? extends Layer> factory;
  private final int[] sizes;
  private final Mode mode;
  private final Set<Law> laws;

  private ImageLaws(Function<Key, ? extends Layer> factory, int[] sizes, Mode mode, Set<Law> laws) {
    this.factory = factory;
    this.sizes = sizes;
    this.mode = mode;
    this.laws = laws;
  }

  /// All laws for a layer of images of these sizes, in inference.
  ///
  /// @param factory makes the layer on the backend of the moment; equal parameters for an equal key
  /// @param sizes of one image, channels last
  public static ImageLaws of(Function<Key, ? extends Layer> factory, int... sizes) {
    return new ImageLaws(factory, sizes.clone(), Mode.inference(), EnumSet.allOf(Law.class));
  }

  /// The same in another mode.
  public ImageLaws in(Mode other) {
    return new ImageLaws(factory, sizes, other, laws);
  }

  /// The same without these laws.
  public ImageLaws without(Law... left) {
    Set<Law> kept = EnumSet.copyOf(laws);
    kept.removeAll(List.of(left));
    return new ImageLaws(factory, sizes, mode, kept);
  }

  /// A test for each law.
  public Stream<DynamicTest> tests() {
    return laws.stream()
        .map(law -> Inputs.law(law.name().toLowerCase(Locale.ROOT).replace('_', ' '), key -> run(law, key)));
  }

  private void run(Law law, Key key) {
    switch (law) {
      case GRADIENT -> check(key).checkFirst();
      case SECOND_DERIVATIVE -> check(key).checkSecond();
      case BATCH -> batch(key);
      case NO_IMAGES -> noImages(key);
      case SAME_BITS -> requireSameBits("the second run", numbers(key, MANY), numbers(key, MANY));
      case THREADS -> threads(key);
      case FAST_KERNELS -> agree(key, new Float64Backend(), CpuBackend.withThreads(2));
      case PRIMITIVES -> agree(key, CpuBackend.withThreads(2), new PlainBackend());
    }
  }

  private Tensor images(Key key, int count) {
    return Tensor.normal(key.fold("images"), shape(count).toArray());
  }

  private Shape shape(int count) {
    int[] all = new int[sizes.length + 1];
    all[0] = count;
    System.arraycopy(sizes, 0, all, 1, sizes.length);
    return Shape.of(all);
  }

  private GradientCheck check(Key key) {
    return GradientCheck.of(() -> {
      Layer layer = factory.apply(key);
      return new GradientCheck.Subject(Map.of("images", images(key, 2)), Map.of(),
          x -> List.of(layer.apply(x.getFirst(), mode.fromStart()))).with(layer);
    });
  }

  private void batch(Key key) {
    on(new Float64Backend(), () -> {
      Layer layer = factory.apply(key);
      Tensor x = images(key, 3);
      Tensor together = layer.apply(x, mode.fromStart());
      List<Tensor> alone = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        alone.add(layer.apply(x.slice(0, i, i + 1), mode.fromStart()));
      }
      requireClose("images one by one", EXACT, Tensor.concat(0, alone).toDoubles(), together.toDoubles());
      return together;
    });
  }

  private void noImages(Key key) {
    on(new Float64Backend(), () -> {
      Layer layer = factory.apply(key);
      Shape some = layer.apply(images(key, 2), mode.fromStart()).shape();
      Tensor none = Tensor.zeros(shape(0)).tracked();
      Tensor y = layer.apply(none, mode.fromStart());
      if (!y.shape().equals(some.with(0, 0))) {
        throw new AssertionError("no images give " + y.shape() + "; " + some.with(0, 0) + " is the law");
      }
      for (Parameter parameter : layer.trainable()) {
        double[] gradient = Gradients.of(y.sum(), List.of(none, parameter.value())).withRespectTo(parameter.value())
            .toDoubles();
        requireClose("gradients of no images", EXACT, new double[gradient.length], gradient);
      }
      return y;
    });
  }

  private void threads(Key key) {
    List<float[]> one = on(CpuBackend.withThreads(1), () -> numbers(key, MANY));
    for (int threads = 2; threads <= 3; threads++) {
      requireSameBits(threads + " threads", one, on(CpuBackend.withThreads(threads), () -> numbers(key, MANY)));
    }
  }

  private void agree(Key key, Backend reference, Backend tried) {
    List<double[]> expected = on(reference, () -> exactNumbers(key, MANY));
    List<double[]> actual = on(tried, () -> exactNumbers(key, MANY));
    for (int r = 0; r < expected.size(); r++) {
      requireClose("result or gradient " + r + " on " + tried.name(), SINGLE, expected.get(r), actual.get(r));
    }
  }

  private List<float[]> numbers(Key key, int count) {
    List<float[]> all = new ArrayList<>();
    for (double[] values : exactNumbers(key, count)) {
      float[] rounded = new float[values.length];
      for (int i = 0; i < rounded.length; i++) {
        rounded[i] = (float) values[i];
      }
      all.add(rounded);
    }
    return all;
  }

  /// The result and the gradients of the sum of its squares.
  private List<double[]> exactNumbers(Key key, int count) {
    Layer layer = factory.apply(key);
    Tensor x = images(key, count).tracked();
    Tensor y = layer.apply(x, mode.fromStart());
    List<Tensor> wanted = new ArrayList<>(List.of(x));
    layer.trainable().forEach(parameter -> wanted.add(parameter.value()));
    Gradients gradients = Gradients.of(y.square().sum(), wanted);
    List<double[]> numbers = new ArrayList<>(List.of(y.toDoubles()));
    wanted.forEach(tensor -> numbers.add(gradients.withRespectTo(tensor).toDoubles()));
    return numbers;
  }

  private static void requireSameBits(String what, List<float[]> expected, List<float[]> actual) {
    for (int r = 0; r < expected.size(); r++) {
      for (int i = 0; i < expected.get(r).length; i++) {
        if (Float.floatToRawIntBits(expected.get(r)[i]) != Float.floatToRawIntBits(actual.get(r)[i])) {
          throw new AssertionError(what + ": result or gradient " + r + ", entry " + i + ": " + expected.get(r)[i]
              + " became " + actual.get(r)[i]);
        }
      }
    }
  }

  private static void requireClose(String what, double tolerance, double[] expected, double[] actual) {
    double scale = 1;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    if (expected.length != actual.length) {
      throw new AssertionError(what + ": " + actual.length + " numbers; " + expected.length + " are the law");
    }
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - actual[i]) <= tolerance * scale)) {
        throw new AssertionError(what + ": entry " + i + " is " + actual[i] + "; " + expected[i] + " is the law");
      }
    }
  }

  private static <T> T on(Backend backend, Supplier<T> body) {
    return Backends.with(backend, body);
  }
}
