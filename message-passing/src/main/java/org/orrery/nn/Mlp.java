package org.orrery.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Reduction;

/// A multilayer perceptron: y = W_n a(... a(W_1 a(W_0 x + b_0) + b_1) ...) + b_n, with a norm before each activation and
/// dropout after it where asked for.
///
/// Shape: `[..., in]` to `[..., out]`.
/// ```java
/// Mlp mlp = Mlp.create(key, 16, 64, 64, 1).withActivation(Activation.SILU).withNorm(LayerNorm::create);
/// ```
///
/// @param linears W_0, b_0 and so on
/// @param activation a
/// @param norms one for each activation, or none
/// @param dropout after each activation; rate 0 for none
/// @param ending whether the last linear map is followed by norm, activation and dropout too
/// @param naming what its parts are called
public record Mlp(List<Linear> linears, Activation activation, List<Layer> norms, Dropout dropout, Epilogue ending,
    Naming naming) implements Layer {
  /// What comes after the last linear map.
  public enum Epilogue {
    /// nothing
    PLAIN,
    /// norm, activation and dropout, as after the others
    ACTIVATED
  }

  /// What the parts are called, so that checkpoints load.
  public enum Naming {
    /// `0.weight`, `2.weight`, ...: a PyTorch `Sequential` of linear map, norm, activation and dropout, those that are
    /// there counted
    SEQUENTIAL,
    /// `lins.0.weight`, `norms.0.weight`, ...: PyTorch Geometric's `MLP`, whose batch norms are `norms.0.module`
    LISTS
  }

  /// Checks that the parts fit.
  ///
  /// @throws IllegalArgumentException where there is no linear map, neighbors differ in width, or there are some but
  /// not all norms
  public Mlp {
    linears = List.copyOf(linears);
    norms = List.copyOf(norms);
    if (linears.isEmpty()) {
      throw new IllegalArgumentException("Mlp: no linear map; one is required");
    }
    for (int i = 1; i < linears.size(); i++) {
      if (linears.get(i).in() != linears.get(i - 1).out()) {
        throw new IllegalArgumentException("Mlp: linear map " + i + " takes width " + linears.get(i).in()
            + ", the one before it gives " + linears.get(i - 1).out());
      }
    }
    int activated = ending == Epilogue.PLAIN ? linears.size() - 1 : linears.size();
    if (!norms.isEmpty() && norms.size() != activated) {
      throw new IllegalArgumentException(
          "Mlp: " + norms.size() + " norms for " + activated + " activations; one for each or none are required");
    }
    for (int i = 0; i < norms.size(); i++) {
      OptionalInt width = norms.get(i).inputWidth();
      if (width.isPresent() && width.getAsInt() != linears.get(i).out()) {
        throw new IllegalArgumentException("Mlp: norm " + i + " takes width " + width.getAsInt()
            + ", the linear map before it gives " + linears.get(i).out());
      }
    }
  }

  /// Linear maps between these widths with max(x, 0) between them and nothing after the last.
  ///
  /// @param widths of the input, of each hidden layer, of the output
  /// @throws IllegalArgumentException where there are fewer than two widths, or one is not positive
  public static Mlp create(Key key, int... widths) {
    if (widths.length < 2) {
      throw new IllegalArgumentException("Mlp: " + widths.length + " widths; input and output are required");
    }
    List<Linear> linears = new ArrayList<>();
    for (int i = 0; i + 1 < widths.length; i++) {
      linears.add(Linear.create(widths[i], widths[i + 1], key.fold(i)));
    }
    return of(linears);
  }

  /// These linear maps with max(x, 0) between them and nothing after the last.
  public static Mlp of(List<Linear> linears) {
    return new Mlp(linears, Activation.RELU, List.of(), new Dropout(0), Epilogue.PLAIN, Naming.SEQUENTIAL);
  }

  /// The same parameters with another activation.
  public Mlp withActivation(Activation other) {
    return new Mlp(linears, other, norms, dropout, ending, naming);
  }

  /// The same parameters with a new norm before each activation, made for its width. The ending must be said before.
  public Mlp withNorm(IntFunction<? extends Layer> normOfWidth) {
    List<Layer> made = new ArrayList<>();
    for (int i = 0; i < activated(); i++) {
      made.add(normOfWidth.apply(linears.get(i).out()));
    }
    return new Mlp(linears, activation, made, dropout, ending, naming);
  }

  /// The same parameters with dropout after each activation.
  public Mlp withDropout(double rate) {
    return new Mlp(linears, activation, norms, new Dropout(rate), ending, naming);
  }

  /// The same parameters with another ending.
  public Mlp withEnding(Epilogue other) {
    return new Mlp(linears, activation, norms, dropout, other, naming);
  }

  /// The same parameters under other names.
  public Mlp withNaming(Naming other) {
    return new Mlp(linears, activation, norms, dropout, ending, other);
  }

  @Override
  public Tensor forward(Tensor x, Mode mode) {
    return forward(Rows.of(x), Activation.IDENTITY, mode);
  }

  @Override
  public Tensor forward(Rows x, Activation after, Mode mode) {
    Rows y = x;
    for (int i = 0; i < activated(); i++) {
      Tensor h = norms.isEmpty()
          ? linears.get(i).apply(y, activation, mode)
          : norms.get(i).apply(Rows.of(linears.get(i).apply(y, mode)), activation, mode);
      y = Rows.of(dropout.apply(h, mode));
    }
    return ending == Epilogue.PLAIN ? linears.getLast().apply(y, after, mode) : after.of(y.dense());
  }

  /// A network W_1 a(W_0 x + b_0) + b_1 without dropout runs row by row in cache ([org.orrery.tensor.EdgeNetwork]);
  /// another has no such kernel.
  @Override
  public @Nullable Tensor reduced(Supplier<ConcatenatedRows> x, Segments into, List<Reduction> kinds, Mode mode) {
    boolean oneHidden = linears.size() == 2 && norms.isEmpty() && ending == Epilogue.PLAIN
        && (mode instanceof Mode.Inference || dropout.rate() == 0);
    return oneHidden ? x.get().reduced(into, linears.getFirst(), activation, linears.getLast(), kinds) : null;
  }

  /// The width of x.
  public int in() {
    return linears.getFirst().in();
  }

  /// The width of y.
  public int out() {
    return linears.getLast().out();
  }

  @Override
  public OptionalInt inputWidth() {
    return OptionalInt.of(in());
  }

  @Override
  public OptionalInt outputWidth(OptionalInt input) {
    return OptionalInt.of(out());
  }

  @Override
  public void describe(Parts parts) {
    switch (naming) {
      case SEQUENTIAL -> describeInOrder(parts);
      case LISTS -> describeLists(parts);
    }
  }

  private void describeInOrder(Parts parts) {
    parts.unnamed(activation).unnamed(dropout); // unless they are named below
    int position = 0;
    for (int i = 0; i < linears.size(); i++) {
      parts.block(Integer.toString(position++), linears.get(i));
      if (i < activated()) {
        if (!norms.isEmpty()) {
          parts.block(Integer.toString(position++), norms.get(i));
        }
        parts.block(Integer.toString(position++), activation);
        if (dropout.rate() > 0) {
          parts.block(Integer.toString(position++), dropout);
        }
      }
    }
  }

  private void describeLists(Parts parts) {
    parts.unnamed(activation).unnamed(dropout).blocks("lins", linears);
    for (int i = 0; i < norms.size(); i++) {
      Layer norm = norms.get(i);
      parts.block("norms." + i + (norm instanceof BatchNorm ? ".module" : ""), norm);
    }
  }

  private int activated() {
    return ending == Epilogue.PLAIN ? linears.size() - 1 : linears.size();
  }
}
