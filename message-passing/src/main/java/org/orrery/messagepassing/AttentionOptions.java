package org.orrery.messagepassing;

/// What attentional layers can be told. Start from [#heads(int)] and change what differs.
///
/// ```java
/// Gat.create(1433, 8, AttentionOptions.heads(8).withDropout(0.6), key)
/// ```
///
/// @param heads how many attentions side by side
/// @param joining whether their results stand side by side or are averaged
/// @param slope of the leaky rectifier where it is negative
/// @param dropout rate on the attention weights while training
/// @param loops whether each node attends to itself; loops that are there are replaced
/// @param loopFill what features a new loop has, where edges have any
/// @param edgeWidth width of the edge features; 0 for none
/// @param bias whether a bias is added
/// @param residual whether a linear map of the receiver's own features is added
/// @param shared whether senders and receivers share one linear map ([org.orrery.layers.GatV2] alone)
public record AttentionOptions(int heads, Joining joining, double slope, double dropout, Loops loops,
    LoopFill loopFill, int edgeWidth, boolean bias, boolean residual, boolean shared) {
  /// What becomes of the heads.
  public enum Joining {
    /// side by side: `[nodes, heads channels]`
    CONCATENATED,
    /// their mean: `[nodes, channels]`
    AVERAGED
  }

  /// Whether nodes attend to themselves.
  public enum Loops {
    /// each node has exactly one loop
    ADDED,
    /// the edges as they are
    UNCHANGED
  }

  /// Checks the ranges.
  public AttentionOptions {
    if (heads < 1) {
      throw new IllegalArgumentException("attention: " + heads + " heads; at least one is required");
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException("attention: dropout " + dropout + "; 0 up to, not including, 1 is required");
    }
    if (edgeWidth < 0) {
      throw new IllegalArgumentException("attention: edge width " + edgeWidth + "; it must not be negative");
    }
  }

  /// Heads side by side, slope 0.2, no dropout, one loop a node filled with the mean of its incoming edges, a bias.
  public static AttentionOptions heads(int heads) {
    return new AttentionOptions(heads, Joining.CONCATENATED, 0.2, 0, Loops.ADDED, LoopFill.mean(), 0, true, false,
        false);
  }

  /// Heads averaged instead of side by side.
  public AttentionOptions averaged() {
    return new AttentionOptions(heads, Joining.AVERAGED, slope, dropout, loops, loopFill, edgeWidth, bias, residual,
        shared);
  }

  /// Another slope.
  public AttentionOptions withSlope(double other) {
    return new AttentionOptions(heads, joining, other, dropout, loops, loopFill, edgeWidth, bias, residual, shared);
  }

  /// Dropout on the attention weights.
  public AttentionOptions withDropout(double rate) {
    return new AttentionOptions(heads, joining, slope, rate, loops, loopFill, edgeWidth, bias, residual, shared);
  }

  /// The edges as they are.
  public AttentionOptions withoutLoops() {
    return new AttentionOptions(heads, joining, slope, dropout, Loops.UNCHANGED, loopFill, edgeWidth, bias, residual,
        shared);
  }

  /// Edge features of this width.
  public AttentionOptions withEdges(int width) {
    return new AttentionOptions(heads, joining, slope, dropout, loops, loopFill, width, bias, residual, shared);
  }

  /// Other features for new loops.
  public AttentionOptions withLoopFill(LoopFill fill) {
    return new AttentionOptions(heads, joining, slope, dropout, loops, fill, edgeWidth, bias, residual, shared);
  }

  /// No bias.
  public AttentionOptions withoutBias() {
    return new AttentionOptions(heads, joining, slope, dropout, loops, loopFill, edgeWidth, false, residual, shared);
  }

  /// A linear map of the receiver's own features is added.
  public AttentionOptions withResidual() {
    return new AttentionOptions(heads, joining, slope, dropout, loops, loopFill, edgeWidth, bias, true, shared);
  }

  /// One linear map for senders and receivers.
  public AttentionOptions withSharedWeights() {
    return new AttentionOptions(heads, joining, slope, dropout, loops, loopFill, edgeWidth, bias, residual, true);
  }

  /// The width of the result for this many channels a head.
  public int outputWidth(int channels) {
    return joining == Joining.CONCATENATED ? heads * channels : channels;
  }
}
