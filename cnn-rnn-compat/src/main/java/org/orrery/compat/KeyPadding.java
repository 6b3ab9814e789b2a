package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;

/// Which places of padded sequences hold something. Instead of giving padding no weight, attention leaves it out: sequences of their own
/// lengths stand side by side.
///
/// What is left of the keys no longer stands where its query does, so under a causal order give each sequence an [AttentionMask] of its
/// own instead.
public final class KeyPadding {
  private final int length;
  private final Indices rows;
  private final Indices lengths;

  private KeyPadding(int length, Indices rows, Indices lengths) {
    this.length = length;
    this.rows = rows;
    this.lengths = lengths;
  }

  /// From a mask that is true where a place is to be ignored, as PyTorch's `key_padding_mask`.
  ///
  /// @throws IllegalArgumentException where sequences differ in length, or one is ignored altogether: its queries would have no key
  public static KeyPadding ignoring(boolean[][] ignored) {
    int length = ignored.length == 0 ? 0 : ignored[0].length;
    List<Integer> rows = new ArrayList<>();
    int[] lengths = new int[ignored.length];
    for (int s = 0; s < ignored.length; s++) {
      if (ignored[s].length != length) {
        throw new IllegalArgumentException("key padding: sequence " + s + " has " + ignored[s].length
            + " places, sequence 0 has " + length + "; one length is required");
      }
      for (int p = 0; p < length; p++) {
        if (!ignored[s][p]) {
          rows.add(s * length + p);
          lengths[s]++;
        }
      }
      if (lengths[s] == 0) {
        throw new IllegalArgumentException(
            "key padding: all " + length + " places of sequence " + s + " are ignored; its queries have no key");
      }
    }
    return new KeyPadding(length, Indices.of(rows.stream().mapToInt(Integer::intValue).toArray()), Indices.of(lengths));
  }

  /// How many places of each sequence hold something.
  public Indices lengths() {
    return lengths;
  }

  /// What the places hold: `[sequences, length, width]` to `[kept, width]`, sequence after sequence.
  ///
  /// @throws IllegalArgumentException where there are other sequences or lengths
  public Tensor kept(Tensor x) {
    if (x.rank() != 3 || x.rows() != lengths.size() || x.size(1) != length) {
      throw new IllegalArgumentException("key padding: " + x.shape() + "; [" + lengths.size() + ", " + length
          + ", width] is required");
    }
    return x.reshape(x.rows() * length, x.columns()).gatherRows(rows);
  }
}
