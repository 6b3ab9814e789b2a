package org.orrery.equivariant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A direct sum of irreps with multiplicities, `32x0e + 16x1o`: the layout of a feature's columns.
///
/// A block of multiplicity m and size 2l + 1 takes m (2l + 1) columns, copy by copy: the components of the first copy,
/// then those of the second. Source: e3nn, Geiger & Smidt 2022.
///
/// @param blocks the blocks, in order of their columns
public record Irreps(List<Block> blocks) {
  /// `multiplicity` copies of one irrep.
  ///
  /// @param multiplicity number of copies, 0 or more
  /// @param irrep the irrep
  public record Block(int multiplicity, Irrep irrep) {
    /// Checks the multiplicity.
    ///
    /// @throws IllegalArgumentException for a negative multiplicity
    public Block {
      if (multiplicity < 0) {
        throw new IllegalArgumentException("irreps: multiplicity " + multiplicity + ", required 0 or more");
      }
    }

    /// Number of columns, m (2l + 1).
    ///
    /// @throws ArithmeticException above the largest int
    public int width() {
      return Math.multiplyExact(multiplicity, irrep.size());
    }

    @Override
    public String toString() {
      return multiplicity + "x" + irrep;
    }
  }

  /// The columns of one block: from `start`, up to but without `end`.
  ///
  /// @param start first column
  /// @param end one past the last column
  public record Slice(int start, int end) {}

  /// Copies the list.
  public Irreps {
    blocks = List.copyOf(blocks);
  }

  /// Reads `32x0e + 16x1o`; `1o` alone stands for `1x1o`, an empty text for no irreps.
  ///
  /// @throws IllegalArgumentException if a term is not a multiplicity, a degree and a parity
  public static Irreps parse(String text) {
    List<Block> out = new ArrayList<>();
    if (text.isBlank()) {
      return new Irreps(out);
    }
    for (String term : text.split("\\+", -1)) {
      String trimmed = term.strip();
      int cross = trimmed.indexOf('x');
      String count = cross < 0 ? "1" : trimmed.substring(0, cross).strip();
      if (!count.matches("[0-9]{1,9}")) {
        throw new IllegalArgumentException(
            "irreps: term \"" + trimmed + "\" of \"" + text + "\", required a form like 16x1o");
      }
      out.add(new Block(Integer.parseInt(count), Irrep.parse(trimmed.substring(cross + 1))));
    }
    return new Irreps(out);
  }

  /// Those of the spherical harmonics, `1x0e + 1x1o + 1x2e + ...` up to `maxDegree`.
  ///
  /// @throws IllegalArgumentException for a degree outside 0 to 11
  public static Irreps ofHarmonics(int maxDegree) {
    List<Block> out = new ArrayList<>();
    if (maxDegree < 0 || maxDegree > Irrep.MAX_DEGREE) {
      throw new IllegalArgumentException("harmonics: degree " + maxDegree + ", required 0 to " + Irrep.MAX_DEGREE);
    }
    for (int l = 0; l <= maxDegree; l++) {
      out.add(new Block(1, new Irrep(l, l % 2 == 0 ? 1 : -1)));
    }
    return new Irreps(out);
  }

  /// Number of columns, the sum of m (2l + 1).
  ///
  /// @throws ArithmeticException above the largest int
  public int width() {
    int sum = 0;
    for (Block block : blocks) {
      sum = Math.addExact(sum, block.width());
    }
    return sum;
  }

  /// How many copies of `irrep` there are in all blocks.
  public int count(Irrep irrep) {
    int sum = 0;
    for (Block block : blocks) {
      sum = Math.addExact(sum, block.irrep().equals(irrep) ? block.multiplicity() : 0);
    }
    return sum;
  }

  /// Direct sum: the blocks of this, then those of `other`.
  public Irreps plus(Irreps other) {
    List<Block> out = new ArrayList<>(blocks);
    out.addAll(other.blocks);
    return new Irreps(out);
  }

  /// `factor` copies of the whole sequence, one after the other.
  ///
  /// @throws IllegalArgumentException for a negative factor
  public Irreps times(int factor) {
    if (factor < 0) {
      throw new IllegalArgumentException("irreps times: factor " + factor + ", required 0 or more");
    }
    List<Block> out = new ArrayList<>();
    for (int i = 0; i < factor; i++) {
      out.addAll(blocks);
    }
    return new Irreps(out);
  }

  /// The blocks in the order of their irreps; equal irreps keep their order. Columns move with their block.
  public Irreps sorted() {
    return new Irreps(blocks.stream().sorted(Comparator.comparing(Block::irrep)).toList());
  }

  /// Merges neighboring blocks of one irrep and drops empty blocks; no column moves.
  public Irreps simplified() {
    List<Block> out = new ArrayList<>();
    for (Block block : blocks) {
      if (block.multiplicity() == 0) {
        continue;
      }
      if (!out.isEmpty() && out.getLast().irrep().equals(block.irrep())) {
        Block last = out.removeLast();
        out.add(new Block(Math.addExact(last.multiplicity(), block.multiplicity()), block.irrep()));
      } else {
        out.add(block);
      }
    }
    return new Irreps(out);
  }

  /// The columns of each block, in order.
  public List<Slice> slices() {
    List<Slice> out = new ArrayList<>();
    int start = 0;
    for (Block block : blocks) {
      int end = Math.addExact(start, block.width());
      out.add(new Slice(start, end));
      start = end;
    }
    return List.copyOf(out);
  }

  @Override
  public String toString() {
    return String.join(" + ", blocks.stream().map(Block::toString).toList());
  }
}
