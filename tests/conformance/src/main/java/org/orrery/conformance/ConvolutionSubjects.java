package org.orrery.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.orrery.compat.AdaptivePool;
import org.orrery.compat.AveragePool;
import org.orrery.compat.Convolution;
import org.orrery.compat.DeepMerge;
import org.orrery.compat.EachImage;
import org.orrery.compat.GroupNorm;
import org.orrery.compat.Kernel;
import org.orrery.compat.MaxPool;
import org.orrery.compat.MaxUnpool;
import org.orrery.compat.ResidualBlock;
import org.orrery.compat.Rounding;
import org.orrery.compat.SquareSumPool;
import org.orrery.compat.SumPool;
import org.orrery.compat.TransposedConvolution;
import org.orrery.compat.Upsample;
import org.orrery.graph.Grid;
import org.orrery.layers.InstanceNorm;
import org.orrery.nn.BatchNorm;
import org.orrery.nn.Block;
import org.orrery.nn.Layer;
import org.orrery.nn.LayerNorm;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.RunningMoments;
import org.orrery.nn.ScaleShift;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.Window;

/// Layers of images of the area `compat`. The reference has channels before cells, the project after them.
final class ConvolutionSubjects {
  private static final Key KEY = Key.of(1);

  private ConvolutionSubjects() {
  }

  static void register(Map<String, Subject> all) {
    for (int axes = 1; axes <= 3; axes++) {
      int d = axes;
      String of = axes + "d";
      all.put("Conv" + of, in -> convolution(in, d));
      all.put("ConvTranspose" + of, in -> transposed(in, d));
      all.put("MaxPool" + of, in -> maxPool(in, d));
      all.put("AvgPool" + of, in -> onImages(in, d, averagePool(in.config(), d)));
      all.put("SumPool" + of, in -> onImages(in, d, new SumPool(window(in.config(), d), rounding(in.config()))));
      all.put("SquareSumPool" + of,
          in -> onImages(in, d, new SquareSumPool(window(in.config(), d), rounding(in.config()))));
      all.put("LPPool" + of, in -> {
        in.config().require("norm_type", "2", "2.0");
        return onImages(in, d, new SquareSumPool(window(in.config(), d), rounding(in.config())));
      });
      all.put("AdaptiveAvgPool" + of, in -> onImages(in, d, new AdaptivePool(sizes(in.config(), "output_size", d),
          AdaptivePool.Reduction.MEAN)));
      all.put("AdaptiveMaxPool" + of, in -> onImages(in, d, new AdaptivePool(sizes(in.config(), "output_size", d),
          AdaptivePool.Reduction.MAXIMUM)));
      all.put("MaxUnpool" + of, in -> unpool(in, d));
      all.put("BatchNorm" + of, in -> batchNorm(in));
      all.put("InstanceNorm" + of, in -> instanceNorm(in, d));
    }
    all.put("Upsample", in -> upsample(in));
    all.put("GroupNorm", in -> {
      Config c = in.config();
      int channels = c.integer("num_channels");
      GroupNorm norm = new GroupNorm(c.integer("num_groups"), channels, c.number("eps", 1e-5),
          rescale(in, channels));
      in.load(norm);
      return Answer.of(first(norm.apply(last(in.tensor("x")))));
    });
    all.put("LayerNorm", ConvolutionSubjects::layerNorm);
    all.put("Linear", in -> {
      Config c = in.config();
      c.ignore("bias");
      int width = c.integer("in_features");
      int out = c.integer("out_features");
      Linear linear = in.parameter("bias") == null
          ? Linear.withoutBias(width, out, KEY)
          : Linear.create(width, out, KEY);
      in.load(linear);
      return Answer.of(linear.apply(in.tensor("x")));
    });
    all.put("ResNetBasicBlock", in -> {
      Config c = in.config();
      ResidualBlock block = ResidualBlock.create(c.integer("in_channels"), c.integer("out_channels"),
          c.integer("stride", 1), KEY);
      in.load(block);
      return Answer.of(first(block.apply(last(in.tensor("x")), mode(in))));
    });
    all.put("DeepMerge", in -> {
      List<Integer> image = in.config().integers("image");
      DeepMerge model = DeepMerge.create(image.getFirst(), image.get(1), image.get(2), 2, KEY);
      in.load(model);
      return Answer.of(model.apply(last(in.tensor("x")), mode(in)).softmax(1));
    });
  }

  // ---- images ----

  /// `[batch, channels, cells...]` to `[batch, cells..., channels]`.
  static Tensor last(Tensor x) {
    int[] order = new int[x.rank()];
    for (int d = 1; d < order.length - 1; d++) {
      order[d] = d + 1;
    }
    order[order.length - 1] = 1;
    return x.rank() < 3 ? x : x.permute(order);
  }

  /// `[batch, cells..., channels]` to `[batch, channels, cells...]`.
  static Tensor first(Tensor x) {
    int[] order = new int[x.rank()];
    order[1] = x.rank() - 1;
    for (int d = 2; d < order.length; d++) {
      order[d] = d - 1;
    }
    return x.rank() < 3 ? x : x.permute(order);
  }

  /// Runs on images, or on one image without a batch axis.
  private static Tensor images(Tensor x, int axes, UnaryOperator<Tensor> body) {
    return x.rank() == axes + 1
        ? first(body.apply(last(x.unsqueeze(0)))).squeeze(0)
        : first(body.apply(last(x)));
  }

  private static Answer onImages(Case in, int axes, Layer layer) {
    return Answer.of(images(in.tensor("x"), axes, x -> layer.apply(x, Mode.inference())));
  }

  private static Mode mode(Case in) {
    Config c = in.config();
    boolean inference = c.isNoted("inference") || c.isNoted("eval") || !c.flag("training", true);
    return inference ? Mode.inference() : Mode.training(KEY);
  }

  /// A number for each axis, given once or each.
  private static List<Integer> sizes(Config c, String key, int axes) {
    List<Integer> given = c.integers(key);
    return given.size() == 1 ? Collections.nCopies(axes, given.getFirst()) : given;
  }

  private static Integer[] sizes(Config c, String key, int axes, int otherwise) {
    return c.has(key)
        ? sizes(c, key, axes).toArray(Integer[]::new)
        : Collections.nCopies(axes, otherwise).toArray(Integer[]::new);
  }

  // ---- convolutions ----

  private static Kernel kernel(Config c, int axes) {
    Kernel kernel = Kernel.of(sizes(c, "kernel_size", axes)).stride(sizes(c, "stride", axes, 1))
        .dilation(sizes(c, "dilation", axes, 1));
    boolean named = c.has("padding") && !c.isNumber("padding") && !c.isList("padding");
    Kernel padded = !named
        ? kernel.padding(sizes(c, "padding", axes, 0))
        : switch (c.text("padding", "valid")) {
          case "same" -> kernel.same();
          case "valid" -> kernel;
          default -> throw new Unsupported("no padding of this name");
        };
    return padded.beyond(switch (c.text("padding_mode", "zeros")) {
      case "zeros" -> Grid.Padding.ZEROS;
      case "circular" -> Grid.Padding.CIRCULAR;
      case "reflect" -> Grid.Padding.REFLECT;
      case "replicate" -> Grid.Padding.REPLICATE;
      default -> throw new Unsupported("no padding mode of this name");
    });
  }

  private static Answer convolution(Case in, int axes) {
    Config c = in.config();
    c.ignore("bias");
    int from = c.integer("in_channels");
    int to = c.integer("out_channels");
    int groups = c.integer("groups", 1);
    Kernel kernel = kernel(c, axes);
    Convolution layer = in.parameter("bias") == null
        ? Convolution.withoutBias(from, to, kernel, groups, KEY)
        : Convolution.create(from, to, kernel, groups, KEY);
    in.load(layer);
    return onImages(in, axes, layer);
  }

  private static Answer transposed(Case in, int axes) {
    Config c = in.config();
    c.ignore("bias");
    TransposedConvolution layer = TransposedConvolution
        .create(c.integer("in_channels"), c.integer("out_channels"), kernel(c, axes), c.integer("groups", 1), KEY)
        .withExtra(List.of(sizes(c, "output_padding", axes, 0)));
    TransposedConvolution fitted = in.parameter("bias") == null ? layer.withoutBias() : layer;
    in.load(fitted);
    return onImages(in, axes, fitted);
  }

  // ---- pooling ----

  private static Kernel window(Config c, int axes) {
    List<Integer> size = sizes(c, "kernel_size", axes);
    Integer[] stride = c.has("stride") ? sizes(c, "stride", axes, 1) : size.toArray(Integer[]::new);
    return Kernel.of(size).stride(stride).padding(sizes(c, "padding", axes, 0)).dilation(sizes(c, "dilation", axes, 1));
  }

  private static Rounding rounding(Config c) {
    return c.flag("ceil_mode", false) ? Rounding.CEILING : Rounding.FLOOR;
  }

  private static AveragePool averagePool(Config c, int axes) {
    AveragePool.Divisor divisor = c.has("divisor_override")
        ? new AveragePool.Divisor.Fixed(c.number("divisor_override"))
        : c.flag("count_include_pad", true) ? new AveragePool.Divisor.PaddedCells() : new AveragePool.Divisor.Cells();
    return new AveragePool(window(c, axes), rounding(c), divisor);
  }

  private static Answer maxPool(Case in, int axes) {
    Config c = in.config();
    MaxPool pool = new MaxPool(window(c, axes), rounding(c));
    if (!c.flag("return_indices", false)) {
      return onImages(in, axes, pool);
    }
    MaxPool.Result result = pool.applyWithCells(last(in.tensor("x")));
    Tensor cells = first(Tensor.of(result.cells()).reshape(result.values().shape()));
    double[] values = cells.toDoubles();
    return new Answer().with("out.y0", first(result.values()))
        .with("out.y1", Indices.of(Arrays.stream(values).mapToInt(value -> (int) value).toArray()));
  }

  private static Answer unpool(Case in, int axes) {
    Kernel kernel = window(in.config(), axes);
    Tensor x = last(in.tensor("x"));
    MaxPool.Result pooled = new MaxPool(kernel, Rounding.FLOOR).applyWithCells(x);
    List<Integer> sizes = new ArrayList<>();
    for (int d = 0; d < axes; d++) {
      sizes.add(x.size(d + 1));
    }
    return Answer.of(first(new MaxUnpool(kernel).apply(pooled.values(), pooled.cells(), sizes)));
  }

  private static Answer upsample(Case in) {
    Config c = in.config();
    Tensor x = in.tensor("x");
    int axes = x.rank() - 2;
    List<Double> factors = new ArrayList<>();
    if (c.has("size")) {
      List<Integer> sizes = sizes(c, "size", axes);
      for (int d = 0; d < axes; d++) {
        factors.add(sizes.get(d) / (double) x.size(d + 2));
      }
    } else if (c.isList("scale_factor")) {
      factors.addAll(c.numbers("scale_factor"));
    } else {
      factors.addAll(Collections.nCopies(axes, c.number("scale_factor")));
    }
    boolean corners = c.flag("align_corners", false);
    Upsample.Interpolation interpolation = switch (c.text("mode", "nearest")) {
      case "nearest" -> Upsample.Interpolation.NEAREST;
      case "linear", "bilinear", "trilinear" ->
        corners ? Upsample.Interpolation.LINEAR_CORNERS : Upsample.Interpolation.LINEAR;
      default -> throw new Unsupported("no such interpolation");
    };
    return onImages(in, axes, new Upsample(factors, interpolation));
  }

  // ---- norms ----

  private static @Nullable ScaleShift rescale(Case in, int width) {
    in.config().ignore("affine", "elementwise_affine");
    return in.parameter("weight") == null ? null : ScaleShift.create(width);
  }

  private static @Nullable RunningMoments running(Case in, int width) {
    Config c = in.config();
    c.ignore("track_running_stats");
    boolean cumulative = c.says("momentum") && !c.has("momentum");
    return in.parameter("running_mean") == null
        ? null
        : RunningMoments.create(width,
            cumulative ? OptionalDouble.empty() : OptionalDouble.of(c.number("momentum", 0.1)));
  }

  private static Answer batchNorm(Case in) {
    Config c = in.config();
    int width = c.integer("num_features");
    BatchNorm norm = new BatchNorm(width, c.number("eps", 1e-5), rescale(in, width), running(in, width),
        BatchNorm.SingleRow.REFUSED);
    in.load((Block) norm);
    return Answer.of(first(norm.apply(last(in.tensor("x")), mode(in))));
  }

  private static Answer instanceNorm(Case in, int axes) {
    Config c = in.config();
    int width = c.integer("num_features");
    EachImage norm = new EachImage(
        new InstanceNorm(width, c.number("eps", 1e-5), rescale(in, width), running(in, width)));
    in.load(norm);
    return Answer.of(images(in.tensor("x"), axes, x -> norm.apply(x, mode(in))));
  }

  private static Answer layerNorm(Case in) {
    Config c = in.config();
    List<Integer> axes = c.integers("normalized_shape");
    int width = axes.stream().reduce(1, Math::multiplyExact);
    LayerNorm norm = new LayerNorm(width, c.number("eps", 1e-5), rescale(in, width));
    in.load(norm);
    Tensor x = in.tensor("x");
    return Answer.of(norm.apply(x.reshape(-1, width)).reshape(x.shape()));
  }

  /// The convolution matrix of a valid window, from the grid's edges and the kernel.
  static Answer convolutionMatrix(Case in) {
    List<Integer> image = in.config().integers("image");
    Tensor kernel = in.tensor("kernel");
    Grid grid = Grid.of(Window.of(Window.Axis.of(image.get(0), kernel.size(0)),
        Window.Axis.of(image.get(1), kernel.size(1))));
    Indices taps = grid.sparse().types();
    if (taps == null) {
      throw new IllegalStateException("a grid without types");
    }
    Tensor matrix = grid.sparse().toDense(kernel.flatten().gatherRows(taps));
    Tensor y = matrix.matmul(in.tensor("image").reshape(-1, 1));
    Tensor back = matrix.transposedMatmul(in.tensor("small").reshape(-1, 1));
    return Answer.of(matrix, y.reshape(grid.window().outputSizes().get(0), grid.window().outputSizes().get(1)),
        back.reshape(image.get(0), image.get(1)));
  }
}
