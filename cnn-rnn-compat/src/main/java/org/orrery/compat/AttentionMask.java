package org.orrery.compat;

import org.orrery.tensor.Tensor;

/// Which keys a query may not attend to, as a bias of attention: 0 where it may, -infinity where not.
public final class AttentionMask {
  private AttentionMask() {
  }

  /// The bias `[1, queries, keys]` of a mask that is true where a pair is forbidden, as PyTorch's boolean `attn_mask`.
  ///
  /// @throws IllegalArgumentException where rows differ in length, or a query is left with no key
  public static Tensor forbidding(boolean[][] forbidden) {
    int keys = forbidden.length == 0 ? 0 : forbidden[0].length;
    float[] bias = new float[Math.multiplyExact(forbidden.length, keys)];
    for (int i = 0; i < forbidden.length; i++) {
      if (forbidden[i].length != keys) {
        throw new IllegalArgumentException("attention mask: query " + i + " has " + forbidden[i].length
            + " keys, query 0 has " + keys + "; one number is required");
      }
      int left = 0;
      for (int j = 0; j < keys; j++) {
        bias[i * keys + j] = forbidden[i][j] ? Float.NEGATIVE_INFINITY : 0f;
        left += forbidden[i][j] ? 0 : 1;
      }
      if (left == 0) {
        throw new IllegalArgumentException("attention mask: all " + keys + " keys of query " + i + " are forbidden");
      }
    }
    return Tensor.of(bias, 1, forbidden.length, keys);
  }
}
