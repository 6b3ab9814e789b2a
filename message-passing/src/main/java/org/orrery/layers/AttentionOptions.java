package org.orrery.layers;

import org.orrery.nn.Options;

/// What attentional layers can be told. Start from [#heads(int)] and change what differs.
///
/// ```java
/// Gat.create(1433, 8, AttentionOptions.heads(8).withDropout(0.6), key)
/// ```
public final class AttentionOptions extends Options<AttentionOptions> {
  int heads = 1;
  Joining joining = Joining.CONCATENATED;
  double slope = 0.2;
  double dropout;
  Loops loops = Loops.ADDED;
  LoopFill loopFill = LoopFill.mean();
  int edgeWidth;
  boolean bias = true;
  boolean residual;
  boolean shared;

  /// What becomes of the heads.
  public enum Joining {
    /// side by side: `[nodes, heads channels]`
    CONCATENATED,
    /// their mean: `[nodes, channels]`
    AVERAGED
  }

  /// Whether nodes attend to themselves.
  public enum Loops {
    /// each node has exactly one loop; loops that are there are replaced
    ADDED,
    /// the edges as they are
    UNCHANGED
  }

  private AttentionOptions() {
  }

  /// Heads side by side, slope 0.2, no dropout, one loop a node filled with the mean of its incoming edges, a bias.
  public static AttentionOptions heads(int count) { return new AttentionOptions().with(o -> o.heads = count); }

  /// Heads averaged instead of side by side.
  public AttentionOptions averaged() { return with(o -> o.joining = Joining.AVERAGED); }

  /// Another slope of the leaky rectifier where it is negative.
  public AttentionOptions withSlope(double other) { return with(o -> o.slope = other); }

  /// Dropout on the attention weights while training.
  public AttentionOptions withDropout(double rate) { return with(o -> o.dropout = rate); }

  /// The edges as they are.
  public AttentionOptions withoutLoops() { return with(o -> o.loops = Loops.UNCHANGED); }

  /// Edge features of this width.
  public AttentionOptions withEdges(int width) { return with(o -> o.edgeWidth = width); }

  /// Other features for new loops, where edges have any.
  public AttentionOptions withLoopFill(LoopFill fill) { return with(o -> o.loopFill = fill); }

  /// No bias.
  public AttentionOptions withoutBias() { return with(o -> o.bias = false); }

  /// A linear map of the receiver's own features is added.
  public AttentionOptions withResidual() { return with(o -> o.residual = true); }

  /// One linear map for senders and receivers ([GatV2] alone).
  public AttentionOptions withSharedWeights() { return with(o -> o.shared = true); }

  @Override
  protected void check() {
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

  /// Whether loops are added.
  public Loops loops() {
    return loops;
  }

  /// What features a new loop has.
  public LoopFill loopFill() {
    return loopFill;
  }

  /// The width of the edge features; 0 for none.
  public int edgeWidth() {
    return edgeWidth;
  }

  /// The width of the result for this many channels a head.
  public int outputWidth(int channels) {
    return joining == Joining.CONCATENATED ? heads * channels : channels;
  }
}
