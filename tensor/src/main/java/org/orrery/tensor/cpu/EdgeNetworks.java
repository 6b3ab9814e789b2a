package org.orrery.tensor.cpu;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.EdgeNetworkKernels.Network;
import org.orrery.tensor.backend.Product;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.Slots;

/// A network along edges, some rows at a time: the hidden layer and the messages of a few hundred edges lie in a core's
/// second cache between the steps.
final class EdgeNetworks {
  /// About so many edges at a time; backward more, as each piece gives a sum for the weights of its own.
  private static final int EDGES = 384;
  private static final int EDGES_BACK = 768;
  /// So many pieces a thread run backward before their gradients by z are added to the tables.
  private static final int GROUP = 16;

  private final Machine machine;
  private final int[] offsets;
  private final Network network;
  private final List<Reduction> kinds;
  private final int hidden;
  private final int width;
  private final int featureWidth;
  private final float @Nullable [] features;
  private final float @Nullable [] featureWeight;
  private final float[][] tables;
  private final int[][] rows;
  private final float[] weight;
  private final Epilogue ending;

  EdgeNetworks(Machine machine, Indices offsets, Network network, List<Reduction> kinds) {
    this.machine = machine;
    this.offsets = offsets.raw();
    this.network = network;
    this.kinds = kinds;
    hidden = network.hidden();
    width = network.width();
    featureWidth = network.featureWidth();
    features = network.features() == null ? null : CpuStorage.valuesOf(network.features());
    featureWeight = network.featureWeight() == null ? null : CpuStorage.valuesOf(network.featureWeight());
    tables = network.tables().stream().map(CpuStorage::valuesOf).toArray(float[][]::new);
    rows = network.rows().stream().map(Indices::raw).toArray(int[][]::new);
    weight = CpuStorage.valuesOf(network.weight());
    ending = Epilogue.of(network.bias() == null ? null : CpuStorage.valuesOf(network.bias()), null, 0);
  }

  private int rowCount() {
    return offsets.length - 1;
  }

  private int rowsOf(int edges) {
    long all = offsets[rowCount()] + (long) rowCount();
    return (int) Math.max(1, Math.min(1 << 16, (long) edges * rowCount() / Math.max(1, all)));
  }

  /// y[r, :] = the reductions of the row.
  void reduce(float[] y) {
    machine.parallel().forChunks(rowCount(), rowsOf(EDGES), (from, to) -> {
      try (Piece piece = new Piece(from, to)) {
        piece.hidden();
        piece.messages();
        piece.reduce(y);
      }
    });
  }

  /// The gradients by the tables, by the features where they are wanted, by U where there is one, by W and by b. Some pieces
  /// at a time write their gradient by z side by side; then each thread adds those of its own rows to the tables, edge
  /// after edge. A table of those who receive gets its sums from the piece that has all their edges. Pieces give a sum of
  /// their own for the weights; these are added in order.
  void gradient(float[] y, float[] upstream, boolean byFeatures, float[][] shares) {
    for (int t = 0; t < tables.length; t++) {
      Arrays.fill(shares[t], 0, network.tables().get(t).size(), 0f);
    }
    boolean[] own = new boolean[tables.length];
    for (int t = 0; t < tables.length; t++) {
      own[t] = isOwn(t);
    }
    int chunk = rowsOf(EDGES_BACK);
    int pieces = (rowCount() + chunk - 1) / chunk;
    int group = GROUP * machine.parallel().threads();
    double[] weights = new double[hidden * featureWidth + width * hidden + width];
    for (int start = 0; start < pieces; start += group) {
      int firstRow = start * chunk;
      int endRow = (int) Math.min(rowCount(), firstRow + (long) group * chunk);
      int first = offsets[firstRow];
      float[] share = machine.pool().take((offsets[endRow] - first) * hidden);
      float[][] sums = new float[Math.min(group, pieces - start)][];
      machine.parallel().forChunks(endRow - firstRow, chunk, (from, to) -> {
        try (Piece piece = new Piece(firstRow + from, firstRow + to)) {
          piece.hidden();
          piece.messageGradient(y, upstream);
          int at = piece.first - first;
          piece.inputGradient(share, at * hidden);
          if (byFeatures) {
            piece.featureGradient(share, at * hidden, shares[tables.length]);
          }
          sums[from / chunk] = piece.weightGradient(share, at * hidden);
          for (int t = 0; t < tables.length; t++) {
            if (own[t]) {
              piece.rowGradient(share, first, shares[t]);
            }
          }
        }
      });
      for (int t = 0; t < tables.length; t++) {
        if (!own[t]) {
          scatter(share, first, offsets[endRow], rows[t], shares[t]);
        }
      }
      machine.pool().give(share);
      for (float[] each : sums) {
        for (int i = 0; i < weights.length; i++) {
          weights[i] += each[i];
        }
        machine.pool().give(each);
      }
    }
    int from = 0;
    for (int k = shares.length - (featureWeight == null ? 2 : 3); k < shares.length; k++) {
      int size = k == shares.length - 1 ? width : k == shares.length - 2 ? width * hidden : hidden * featureWidth;
      for (int i = 0; i < size; i++) {
        shares[k][i] = (float) weights[from + i];
      }
      from += size;
    }
  }

  /// Whether a table has a row for each row, and each slot takes that of its own: a table of those who receive.
  private boolean isOwn(int table) {
    if (network.tables().get(table).size() != rowCount() * hidden) {
      return false;
    }
    for (int r = 0; r < rowCount(); r++) {
      for (int s = offsets[r]; s < offsets[r + 1]; s++) {
        if (rows[table][s] != r) {
          return false;
        }
      }
    }
    return true;
  }

  /// Adds the rows of the share, which are those of the edges from `first` up to `end`, to the rows of a table that they
  /// came from. Every row of the table is one task's, which takes its edges in order.
  private void scatter(float[] share, int first, int end, int[] taken, float[] table) {
    int tasks = Integer.highestOneBit(2 * machine.parallel().threads() - 1);
    ElementwiseLoops loops = machine.kernels().elementwise();
    machine.parallel().forChunks(tasks, 1, (task, next) -> {
      for (int s = first; s < end; s++) {
        if ((taken[s] & (tasks - 1)) == task) {
          int at = taken[s] * hidden;
          loops.binary(Binary.ADD, table, at, share, (s - first) * hidden, table, at, hidden);
        }
      }
    });
  }

  /// The edges of some rows.
  private final class Piece implements AutoCloseable {
    private final int fromRow;
    private final int toRow;
    private final int first;
    private final int count;
    private final Slots slots;
    private final float[] z;
    private final float[] h;
    private final float[] m;
    private final float[] dm;

    Piece(int fromRow, int toRow) {
      this.fromRow = fromRow;
      this.toRow = toRow;
      first = offsets[fromRow];
      count = offsets[toRow] - first;
      int[] local = new int[toRow - fromRow + 1];
      Arrays.setAll(local, r -> offsets[fromRow + r] - first);
      slots = new Slots(local, null, null);
      z = machine.pool().take(count * hidden);
      h = machine.pool().take(count * hidden);
      m = machine.pool().take(count * width);
      dm = machine.pool().take(count * width);
    }

    @Override
    public void close() {
      machine.pool().give(z);
      machine.pool().give(h);
      machine.pool().give(m);
      machine.pool().give(dm);
    }

    /// z, and h = f(z).
    void hidden() {
      if (features != null && featureWeight != null) {
        MatrixProduct.run(machine, new Product(1, false, false, count, featureWidth, hidden, false, true), features,
            first * featureWidth, featureWeight, 0, Epilogue.NONE, z, 0);
      }
      machine.kernels().segments().gatheredSum(features == null ? null : z, tables, rows, hidden, z, first, first,
          first + count);
      machine.kernels().elementwise().unary(network.function(), (float) network.alpha(), z, h, 0, count * hidden);
    }

    /// m = h W^T + b.
    void messages() {
      MatrixProduct.run(machine, new Product(1, false, false, count, hidden, width, false, true), h, weight, ending, m);
    }

    void reduce(float[] y) {
      int rowsHere = toRow - fromRow;
      float[] part = machine.pool().take(rowsHere * width);
      for (int k = 0; k < kinds.size(); k++) {
        if (kinds.get(k) == Reduction.SUM) {
          new Segments(machine).sumHere(slots, null, 1, m, width, part, 0, rowsHere);
        } else {
          machine.kernels().segments().reduce(kinds.get(k), slots, 0f, m, width, part, 0, rowsHere);
        }
        for (int r = 0; r < rowsHere; r++) {
          System.arraycopy(part, r * width, y, ((fromRow + r) * kinds.size() + k) * width, width);
        }
      }
      machine.pool().give(part);
    }

    /// The part of reduction k of an array of results, row by row.
    private float[] block(float[] all, int k) {
      float[] part = machine.pool().take((toRow - fromRow) * width);
      for (int r = 0; r < toRow - fromRow; r++) {
        System.arraycopy(all, ((fromRow + r) * kinds.size() + k) * width, part, r * width, width);
      }
      return part;
    }

    /// dm from the gradient by the results: messages are made again where it depends on which is the largest.
    void messageGradient(float[] y, float[] upstream) {
      if (kinds.stream().anyMatch(kind -> kind != Reduction.SUM)) {
        messages();
      }
      reductionGradient(0, y, upstream, dm);
      float[] each = machine.pool().take(kinds.size() > 1 ? count * width : 0);
      for (int k = 1; k < kinds.size(); k++) {
        reductionGradient(k, y, upstream, each);
        machine.kernels().elementwise().binary(Binary.ADD, dm, 0, each, 0, dm, 0, count * width);
      }
      machine.pool().give(each);
    }

    /// The gradient by m of reduction k alone.
    private void reductionGradient(int k, float[] y, float[] upstream, float[] share) {
      float[] up = block(upstream, k);
      if (kinds.get(k) == Reduction.SUM) {
        for (int r = 0; r < toRow - fromRow; r++) {
          for (int s = slots.offsets()[r]; s < slots.offsets()[r + 1]; s++) {
            System.arraycopy(up, r * width, share, s * width, width);
          }
        }
      } else {
        float[] extreme = block(y, k);
        machine.kernels().segments().extremeGradient(slots, m, extreme, up, width, share, 0, toRow - fromRow);
        machine.pool().give(extreme);
      }
      machine.pool().give(up);
    }

    /// (dm W) f'(z).
    void inputGradient(float[] share, int at) {
      float[] dh = machine.pool().take(count * hidden);
      float[] dz = machine.pool().take(count * hidden);
      MatrixProduct.run(machine, new Product(1, false, false, count, width, hidden, false, false), dm, weight,
          Epilogue.NONE, dh);
      machine.kernels().elementwise().unaryGradient(network.function(), (float) network.alpha(), z, h, dh, dz, 0,
          count * hidden);
      System.arraycopy(dz, 0, share, at, count * hidden);
      machine.pool().give(dh);
      machine.pool().give(dz);
    }

    /// dz U to the places of these edges.
    void featureGradient(float[] dz, int at, float[] byFeatures) {
      if (featureWeight != null) {
        MatrixProduct.run(machine, new Product(1, false, false, count, hidden, featureWidth, false, false), dz, at,
            featureWeight, 0, Epilogue.NONE, byFeatures, first * featureWidth);
      }
    }

    /// dz^T features, dm^T h, then the sums of dm.
    float[] weightGradient(float[] dz, int at) {
      int byHidden = hidden * featureWidth;
      int sums = byHidden + width * hidden;
      float[] sum = machine.pool().take(sums + width);
      if (features != null) {
        MatrixProduct.run(machine, new Product(1, false, false, hidden, count, featureWidth, true, false), dz, at,
            features, first * featureWidth, Epilogue.NONE, sum, 0);
      }
      MatrixProduct.run(machine, new Product(1, false, false, width, count, hidden, true, false), dm, 0, h, 0,
          Epilogue.NONE, sum, byHidden);
      sumColumns(sum, sums);
      return sum;
    }

    private void sumColumns(float[] sum, int at) {
      float[] columns = machine.pool().take(width);
      new Segments(machine).sumHere(new Slots(new int[] {0, count}, null, null), null, 1, dm, width, columns, 0, 1);
      System.arraycopy(columns, 0, sum, at, width);
      machine.pool().give(columns);
    }

    /// Writes the sums of the share over these rows to a table that has a row for each of them.
    void rowGradient(float[] share, int firstSlot, float[] table) {
      int rowsHere = toRow - fromRow;
      int[] places = new int[rowsHere + 1];
      Arrays.setAll(places, r -> offsets[fromRow + r] - firstSlot);
      float[] sums = machine.pool().take(rowsHere * hidden);
      new Segments(machine).sumHere(new Slots(places, null, null), null, 1, share, hidden, sums, 0, rowsHere);
      System.arraycopy(sums, 0, table, fromRow * hidden, rowsHere * hidden);
      machine.pool().give(sums);
    }
  }
}
