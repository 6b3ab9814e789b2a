package org.orrery.layers;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeUse;
import org.orrery.messagepassing.GraphLayer;
import org.orrery.messagepassing.Inputs;
import org.orrery.messagepassing.Message;
import org.orrery.nn.Layer;
import org.orrery.nn.Linear;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.nn.Parts;
import org.orrery.tensor.Key;
import org.orrery.tensor.Tensor;

/// Edge-conditioned convolution: h_i = W x_i + (+)_j x_j f(e_ij) + b, where f gives each edge a matrix `[in, out]`,
/// row-major. Gilmer et al. 2017, sec. 5.1; Simonovsky & Komodakis 2017.
///
/// Shape: `[nodes, in]`, `[edges, edgeWidth]` to `[nodes, out]`.
public final class NnConv implements GraphLayer {
  private final int in;
  private final int out;
  private final Layer network;
  private final Options options;
  private final @Nullable Linear fromSelf;
  private final @Nullable Parameter bias;

  /// What differs between variants.
  public static final class Options extends org.orrery.nn.Options<Options> {
    private Aggregation aggregation = Aggregation.sum();
    private boolean root = true;
    private boolean bias = true;

    /// The sum, W and b.
    public static Options standard() { return new Options(); }

    /// Another aggregation of the messages.
    public Options withAggregation(Aggregation other) { return with(o -> o.aggregation = other); }

    /// Without W x_i.
    public Options withoutRoot() { return with(o -> o.root = false); }

    /// Without b.
    public Options withoutBias() { return with(o -> o.bias = false); }
  }

  private NnConv(int in, int out, Layer network, Options options, Key key) {
    network.outputWidth(network.inputWidth()).ifPresent(width -> {
      if (width != in * out) {
        throw new IllegalArgumentException(
            "NnConv: the edge network gives " + width + " values; " + in + " times " + out + " are required");
      }
    });
    this.in = in;
    this.out = out;
    this.network = network;
    this.options = options;
    this.fromSelf = options.root ? Linear.withoutBias(in, out, key) : null;
    this.bias = options.bias ? Parameter.of(Tensor.zeros(out)) : null;
  }

  /// With a network from edge features to `in out` values.
  ///
  /// @throws IllegalArgumentException where the network is known to give another number
  public static NnConv create(int in, int out, Layer network, Options options, Key key) {
    return new NnConv(in, out, network, options, key);
  }

  @Override
  public Tensor update(Inputs over, Mode mode) {
    Tensor matrices = network.apply(over.edges(), mode).reshape(over.edges().rows(), in, out);
    Message product = Message.of((receiver, sender, edge) -> sender.unsqueeze(1).matmul(matrices).squeeze(1));
    Tensor h = over.received(product, options.aggregation, mode);
    h = fromSelf == null ? h : h.add(fromSelf.apply(over.receivers()));
    return bias == null ? h : h.add(bias.value());
  }

  @Override
  public EdgeUse edgeUse() {
    return EdgeUse.REQUIRED;
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in);
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(out);
  }

  @Override
  public void describe(Parts parts) {
    parts.parameter("bias", bias);
    parts.block("aggr_module", options.aggregation).block("nn", network);
    parts.block("lin", fromSelf);
  }
}
