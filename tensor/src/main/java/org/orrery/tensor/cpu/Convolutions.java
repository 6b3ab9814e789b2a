package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.orrery.tensor.Window.Axis;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.ConvolutionKernels.Filter;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.ProductTiles;

/// Convolutions as matrix products without a table of cells times taps. Images are channels last, so the taps of a kernel row are
/// contiguous in a row of cells: a row of outputs is one product for each kernel row, of inner size taps times channels and a row
/// step of stride times channels, added up. Where cells lie outside the box, or groups cut the channels, a few rows at a time are
/// copied with zeros around; elsewhere they are read in place.
///
/// The transpose runs over rows of cells: for each kernel row the products of the outputs that see it give what every tap adds to
/// every cell, and one pass adds these up. The gradient by the weights sums over pieces of the images, each with an accumulator of
/// its own, added in order.
final class Convolutions {
  /// So much work makes a task worth a thread.
  private static final long TASK = 1 << 22;
  private static final int MOST_COLUMNS = 512;
  private static final int MOST_SLABS = 16;
  private static final int MOST_SUMS = 1 << 22;
  /// So many outputs are summed at a time into the gradient by the weights.
  private static final int BLOCK = 128;
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final ProductTiles tiles;
  private final Geometry g;
  private final int batch;
  private final int in;
  private final int out;
  private final int groups;
  private final int groupIn;
  private final int groupOut;
  /// Taps that are contiguous in a row of cells.
  private final int run;

  Convolutions(Machine machine, Filter filter) {
    this.machine = machine;
    this.tiles = machine.kernels().tiles();
    this.g = Geometry.of(filter.window());
    this.batch = filter.batch();
    this.in = filter.in();
    this.out = filter.out();
    this.groups = filter.groups();
    this.groupIn = filter.groupIn();
    this.groupOut = filter.groupOut();
    this.run = g.columns().dilation() == 1 ? g.columns().kernel() : 1;
  }

  private long workOfRow() {
    return (long) g.columns().outputs() * g.kernelRows() * g.columns().kernel() * groupIn * out;
  }

  // ---- forward ----

  void forward(float[] x, float[] weight, Epilogue ending, float[] y) {
    if (batch * g.outputs() * out == 0) {
      return;
    }
    if (groupIn == 0) {
      Arrays.fill(y, 0, batch * g.outputs() * out, 0f);
      ending.run(machine, y, 0, batch * g.outputs(), out);
      return;
    }
    int inner = g.kernelRows() * g.columns().kernel() * groupIn;
    int padded = PackedMatrix.padded(tiles, groupOut);
    PackedMatrix[] packed = new PackedMatrix[groups];
    for (int group = 0; group < groups; group++) {
      packed[group] = padded(weight, group * groupOut, out, 1, inner, groupOut, padded);
    }
    int rowsAtOnce = (int) Math.max(1, Math.min(g.rows().outputs(), TASK / Math.max(1, workOfRow())));
    int rowBlocks = (g.rows().outputs() + rowsAtOnce - 1) / rowsAtOnce;
    int columnBlocks = (g.columns().outputs() + MOST_COLUMNS - 1) / MOST_COLUMNS;
    int perImage = g.planes().outputs() * rowBlocks * columnBlocks;
    machine.parallel().forChunks(Math.multiplyExact(batch, perImage), 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        int row = task / columnBlocks % rowBlocks * rowsAtOnce;
        int column = task % columnBlocks * MOST_COLUMNS;
        new Block(task / perImage, task / (columnBlocks * rowBlocks) % g.planes().outputs(), row,
            Math.min(rowsAtOnce, g.rows().outputs() - row), column,
            Math.min(MOST_COLUMNS, g.columns().outputs() - column)).run(x, packed, ending, y);
      }
    });
    for (PackedMatrix each : packed) {
      each.release();
    }
  }

  /// A matrix with zeros up to a whole vector of columns, so that tiles never end within one.
  private PackedMatrix padded(float[] values, int start, int rowStep, int columnStep, int rows, int columns,
      int padded) {
    if (padded == columns) {
      return PackedMatrix.of(machine, values, start, rowStep, columnStep, rows, columns);
    }
    float[] copy = machine.pool().take(rows * padded);
    PackedMatrix.pack(values, start, rowStep, columnStep, rows, columns, copy, 0, padded);
    PackedMatrix packed = PackedMatrix.of(machine, copy, 0, padded, 1, rows, padded);
    machine.pool().give(copy);
    return packed;
  }

  /// Some rows of outputs of one plane of one image.
  private final class Block {
    private final int image;
    private final int plane;
    private final int row;
    private final int rows;
    private final int column;
    private final int columns;

    Block(int image, int plane, int row, int rows, int column, int columns) {
      this.image = image;
      this.plane = plane;
      this.row = row;
      this.rows = rows;
      this.column = column;
      this.columns = columns;
    }

    void run(float[] x, PackedMatrix[] packed, Epilogue ending, float[] y) {
      boolean inPlace = groups == 1 && isInside();
      int cellRows = (rows - 1) * g.rows().stride() + (g.rows().kernel() - 1) * g.rows().dilation() + 1;
      int cellColumns = (columns - 1) * g.columns().stride() + (g.columns().kernel() - 1) * g.columns().dilation() + 1;
      int rowStep = (inPlace ? g.columns().size() : cellColumns) * groupIn;
      int planeStep = (inPlace ? g.rows().size() * g.columns().size() : cellRows * cellColumns) * groupIn;
      float[] cells = inPlace ? x : machine.pool().take(g.planes().kernel() * planeStep);
      int start = inPlace
          ? (((image * g.planes().size() + g.planes().cell(plane, 0)) * g.rows().size() + g.rows().cell(row, 0))
              * g.columns().size() + g.columns().cell(column, 0)) * in
          : 0;
      int planeDilation = inPlace ? g.planes().dilation() : 1;
      int padded = PackedMatrix.padded(tiles, groupOut);
      float[] whole = padded == groupOut ? NOTHING : machine.pool().take(columns * padded);
      for (int group = 0; group < groups; group++) {
        if (!inPlace) {
          copy(x, group, cellRows, cellColumns, cells);
        }
        float[] bias = ending.bias();
        float[] added = bias.length == 0
            ? bias
            : Arrays.copyOf(Arrays.copyOfRange(bias, group * groupOut, (group + 1) * groupOut), padded);
        for (int r = 0; r < rows; r++) {
          int at = (((image * g.planes().outputs() + plane) * g.rows().outputs() + row + r) * g.columns().outputs()
              + column) * out + group * groupOut;
          int from = start + r * g.rows().stride() * rowStep;
          int direct = padded == groupOut ? columns : spilling(padded);
          if (direct > 0) {
            products(packed[group], cells, from, direct, planeDilation * planeStep, rowStep, added, ending.floor(), y,
                at,
                out);
          }
          if (direct < columns) {
            products(packed[group], cells, from + direct * g.columns().stride() * groupIn, columns - direct,
                planeDilation * planeStep, rowStep, added, ending.floor(), whole, 0, padded);
            for (int o = direct; o < columns; o++) {
              System.arraycopy(whole, (o - direct) * padded, y, at + o * out, groupOut);
            }
          }
        }
      }
      finish(ending, y);
      machine.pool().give(whole);
      if (!inPlace) {
        machine.pool().give(cells);
      }
    }

    /// Where channels fill no vector, whole vectors are written nonetheless, and the next output writes over their ends: so many
    /// outputs are followed by enough others. None where outputs are added to, or come in several panels.
    private int spilling(int padded) {
      boolean once = padded <= tiles.widest() && run == g.columns().kernel() && g.planes().kernel() == 1
          && g.rows().kernel() <= PackedMatrix.runsAtOnce(run * groupIn);
      int behind = (padded - groupOut + out - 1) / out;
      return groups == 1 && once ? Math.max(0, columns - behind) : 0;
    }

    /// Applies a function other than a floor.
    private void finish(Epilogue ending, float[] y) {
      int first = ((image * g.planes().outputs() + plane) * g.rows().outputs() + row) * g.columns().outputs() + column;
      for (int r = 0; r < rows; r++) {
        ending.finish(machine.kernels().elementwise(), y, (first + r * g.columns().outputs()) * out, columns, out, 0,
            out);
      }
    }

    private boolean isInside() {
      return isInside(g.planes(), plane, 1) && isInside(g.rows(), row, rows) && isInside(g.columns(), column, columns);
    }

    private static boolean isInside(Axis axis, int first, int count) {
      return axis.cell(first, 0) >= 0 && axis.cell(first + count - 1, axis.kernel() - 1) < axis.size();
    }

    /// A row of outputs: a plane of the kernel at a time, its rows as runs; or, where its columns lie apart, a row at a time.
    private void products(PackedMatrix right, float[] cells, int start, int count, int planeStep, int rowStep,
        float[] added, float floor, float[] y, int at, int step) {
      boolean planes = run == g.columns().kernel();
      int length = run * groupIn;
      int runs = planes ? g.rows().kernel() : g.columns().kernel();
      int runStep = planes ? g.rows().dilation() * rowStep : g.columns().dilation() * groupIn;
      int calls = planes ? g.planes().kernel() : g.kernelRows();
      for (int call = 0; call < calls; call++) {
        int from = planes
            ? call * planeStep
            : call / g.rows().kernel() * planeStep + call % g.rows().kernel() * g.rows().dilation() * rowStep;
        right.multiplyRuns(cells, start + from, g.columns().stride() * groupIn, count, call * runs * length, length,
            runs,
            runStep, call == 0 ? added : NOTHING, call + 1 < calls ? Float.NEGATIVE_INFINITY : floor, y, at, step,
            call > 0);
      }
    }

    /// The cells that the block sees, one group of channels, zeros outside the box: planes that taps see, rows, columns.
    private void copy(float[] x, int group, int cellRows, int cellColumns, float[] cells) {
      int firstRow = g.rows().cell(row, 0);
      int firstColumn = g.columns().cell(column, 0);
      for (int p = 0; p < g.planes().kernel(); p++) {
        int fromPlane = g.planes().cell(plane, p);
        for (int r = 0; r < cellRows; r++) {
          boolean inside = fromPlane >= 0 && fromPlane < g.planes().size() && firstRow + r >= 0
              && firstRow + r < g.rows().size();
          int cellRow = inside ? (image * g.planes().size() + fromPlane) * g.rows().size() + firstRow + r : -1;
          copyRow(x, cellRow, firstColumn, group, cells, (p * cellRows + r) * cellColumns * groupIn, cellColumns);
        }
      }
    }
  }

  /// Copies cells `first` up to `first + count` of a row of cells (zeros where there are none; all, for row -1).
  private void copyRow(float[] x, int cellRow, int first, int group, float[] cells, int at, int count) {
    int from = Math.max(0, -first);
    int to = cellRow < 0 ? from : Math.max(from, Math.min(count, g.columns().size() - first));
    from = Math.min(from, count);
    to = Math.min(to, count);
    Arrays.fill(cells, at, at + from * groupIn, 0f);
    if (to > from) {
      int source = (cellRow * g.columns().size() + first + from) * in + group * groupIn;
      if (groups == 1) {
        System.arraycopy(x, source, cells, at + from * in, (to - from) * in);
      } else {
        for (int c = 0; c < to - from; c++) {
          for (int i = 0; i < groupIn; i++) {
            cells[at + (from + c) * groupIn + i] = x[source + c * in + i];
          }
        }
      }
    }
    Arrays.fill(cells, at + to * groupIn, at + count * groupIn, 0f);
  }

  // ---- transposed ----

  void transposed(float[] y, float[] weight, float[] x) {
    int width = g.columns().kernel() * groupIn;
    int q = g.kernelRows();
    if (batch * g.cells() * in == 0) {
      return;
    }
    int padded = PackedMatrix.padded(tiles, width);
    PackedMatrix[] packed = new PackedMatrix[groups];
    float[] turned = machine.pool().take(q * groupOut * padded);
    for (int group = 0; group < groups; group++) {
      for (int k = 0; k < q; k++) {
        PackedMatrix.pack(weight, k * width * out + group * groupOut, 1, out, groupOut, width, turned,
            k * groupOut * padded, padded);
      }
      packed[group] = PackedMatrix.of(machine, turned, 0, padded, 1, q * groupOut, padded);
    }
    machine.pool().give(turned);
    int cellRows = g.planes().size() * g.rows().size();
    int chunk = (int) Math.max(1, Math.min(cellRows, TASK * g.rows().stride() / Math.max(1, workOfRow())));
    int chunks = (cellRows + chunk - 1) / chunk;
    machine.parallel().forChunks(Math.multiplyExact(batch, chunks), 1, (from, to) -> {
      float[] shares = machine.pool().take(g.columns().outputs() * padded);
      for (int task = from; task < to; task++) {
        int end = Math.min(cellRows, (task % chunks + 1) * chunk);
        for (int row = task % chunks * chunk; row < end; row++) {
          spreadRow(y, packed, task / chunks, row, x, shares);
        }
      }
      machine.pool().give(shares);
    });
    for (PackedMatrix each : packed) {
      each.release();
    }
  }

  /// What a row of cells gets from all outputs that see it.
  private void spreadRow(float[] y, PackedMatrix[] packed, int image, int row, float[] x, float[] shares) {
    int outputs = g.columns().outputs();
    int padded = PackedMatrix.padded(tiles, g.columns().kernel() * groupIn);
    int at = (image * g.planes().size() * g.rows().size() + row) * g.columns().size() * in;
    Arrays.fill(x, at, at + g.columns().size() * in, 0f);
    for (int group = 0; group < groups; group++) {
      boolean first = true;
      int runs;
      for (int q = 0; q < g.kernelRows(); q += runs) {
        int outputRow = g.outputRow(row, q);
        int apart = q + 1 < g.kernelRows() ? g.outputRow(row, q + 1) - outputRow : 0;
        runs = 1;
        while (outputRow >= 0 && q + runs < g.kernelRows() && g.outputRow(row, q + runs) == outputRow + runs * apart
            && outputRow + runs * apart >= 0) {
          runs++;
        }
        if (outputRow >= 0) {
          packed[group].multiplyRuns(y, (image * g.outputRows() + outputRow) * outputs * out + group * groupOut, out,
              outputs, q * groupOut, groupOut, runs, apart * outputs * out, NOTHING,
              Float.NEGATIVE_INFINITY, shares, 0, padded, !first);
          first = false;
        }
      }
      if (!first) {
        add(shares, x, at + group * groupIn);
      }
    }
  }

  /// Adds what each tap of each output gives to its cell.
  private void add(float[] shares, float[] x, int at) {
    int width = PackedMatrix.padded(tiles, g.columns().kernel() * groupIn);
    ElementwiseLoops loops = machine.kernels().elementwise();
    boolean whole = run > 1 && groups == 1;
    for (int o = 0; o < g.columns().outputs(); o++) {
      int first = g.columns().cell(o, 0);
      if (whole) {
        int from = Math.max(0, -first);
        int to = Math.min(run, g.columns().size() - first);
        if (to > from) {
          int place = at + (first + from) * in;
          loops.binary(Binary.ADD, x, place, shares, o * width + from * in, x, place, (to - from) * in);
        }
      } else {
        for (int t = 0; t < g.columns().kernel(); t++) {
          int cell = g.columns().cell(o, t);
          if (cell >= 0 && cell < g.columns().size()) {
            for (int i = 0; i < groupIn; i++) {
              x[at + cell * in + i] += shares[o * width + t * groupIn + i];
            }
          }
        }
      }
    }
  }

  // ---- weights ----

  void weights(float[] x, float[] y, float[] w) {
    int q = g.kernelRows();
    int width = g.columns().kernel() * groupIn;
    int size = q * width * out;
    if (size == 0) {
      return;
    }
    int columnBlocks = (g.columns().outputs() + MOST_COLUMNS - 1) / MOST_COLUMNS;
    int units = Math.multiplyExact(batch, g.outputRows() * columnBlocks);
    int padded = PackedMatrix.padded(tiles, groupOut);
    int one = width * padded;
    int slabs = Math.max(1, Math.min(Math.min(MOST_SLABS, MOST_SUMS / Math.max(1, size)), units));
    int slab = (units + slabs - 1) / slabs;
    float[][] sums = new float[slabs * q * groups][];
    machine.parallel().forChunks(sums.length, 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        float[] sum = machine.pool().take(one);
        Arrays.fill(sum, 0, one, 0f);
        int first = task / (q * groups) * slab;
        new Piece(task / groups % q, task % groups, padded, sum).run(x, y, first, Math.min(units, first + slab),
            columnBlocks);
        sums[task] = sum;
      }
    });
    machine.parallel().forChunks(q * groups, 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        float[] sum = sums[task];
        for (int s = 1; s < slabs; s++) {
          float[] more = sums[s * q * groups + task];
          machine.kernels().elementwise().binary(Binary.ADD, sum, 0, more, 0, sum, 0, one);
          machine.pool().give(more);
        }
        for (int i = 0; i < width; i++) {
          System.arraycopy(sum, i * padded, w, (task / groups * width + i) * out + task % groups * groupOut, groupOut);
        }
        machine.pool().give(sum);
      }
    });
  }

  /// The sum over some rows of outputs for one kernel row and group: `[taps of the row, in]` by `[out]`, columns padded.
  private final class Piece {
    private final int kernelRow;
    private final int group;
    private final int padded;
    private final float[] sum;
    private final float[] product;

    Piece(int kernelRow, int group, int padded, float[] sum) {
      this.kernelRow = kernelRow;
      this.group = group;
      this.padded = padded;
      this.sum = sum;
      this.product = machine.pool().take(run * groupIn * padded);
    }

    /// Long rows of outputs are read in place; what a vector reads beyond the channels goes into columns that nobody reads. Short
    /// ones are laid one after the other, so far apart that one step leads from output to output across them, with outputs of 0
    /// between.
    void run(float[] x, float[] y, int first, int end, int columnBlocks) {
      int most = Math.min(MOST_COLUMNS, g.columns().outputs());
      int stride = g.columns().stride();
      int span = (most - 1) * stride + (g.columns().kernel() - 1) * g.columns().dilation() + 1;
      int places = (span + stride - 1) / stride;
      int rowsAtOnce = Math.max(1, BLOCK / places);
      float[] cells = machine.pool().take((rowsAtOnce * places * stride + span) * groupIn);
      float[] outputs = machine.pool().take(rowsAtOnce * places * padded);
      int held = 0;
      for (int unit = first; unit < end; unit++) {
        int row = unit / columnBlocks;
        int column = unit % columnBlocks * MOST_COLUMNS;
        int cellRow = g.cellRow(row % g.outputRows(), kernelRow);
        int count = Math.min(MOST_COLUMNS, g.columns().outputs() - column);
        int from = (row * g.columns().outputs() + column) * out + group * groupOut;
        boolean inPlace = rowsAtOnce == 1 && from + (count - 1) * out + padded <= batch * g.outputs() * out;
        if (cellRow >= 0) {
          int imageRow = row / g.outputRows() * g.planes().size() * g.rows().size() + cellRow;
          copyRow(x, imageRow, g.columns().cell(column, 0), group, cells, held * places * stride * groupIn,
              inPlace ? span : places * stride);
          if (inPlace) {
            multiply(cells, y, from, out, count);
          } else {
            copyOutputs(y, from, count, outputs, held * places, places);
            held++;
          }
        }
        if (held == rowsAtOnce || (unit + 1 == end && held > 0)) {
          int at = held * places * stride * groupIn;
          Arrays.fill(cells, at, at + Math.min(span * groupIn, cells.length - at), 0f);
          multiply(cells, outputs, 0, padded, held * places);
          held = 0;
        }
      }
      machine.pool().give(cells);
      machine.pool().give(outputs);
      machine.pool().give(product);
    }

    private void copyOutputs(float[] y, int from, int count, float[] outputs, int place, int places) {
      if (groups == 1 && padded == out) {
        System.arraycopy(y, from, outputs, place * padded, count * out);
      } else {
        for (int o = 0; o < count; o++) {
          int at = (place + o) * padded;
          System.arraycopy(y, from + o * out, outputs, at, groupOut);
          Arrays.fill(outputs, at + groupOut, at + padded, 0f);
        }
      }
      Arrays.fill(outputs, (place + count) * padded, (place + places) * padded, 0f);
    }

    /// Narrow sums are made of a product of their own, whose last rows may be done twice; wide ones are added to where they are.
    private void multiply(float[] cells, float[] outputs, int from, int step, int count) {
      boolean apart = padded < tiles.widest();
      int rows = run * groupIn;
      for (int t = 0; t < g.columns().kernel(); t += run) {
        int start = t * g.columns().dilation() * groupIn;
        int at = t * groupIn * padded;
        for (int j = 0; j < padded; j += tiles.widest()) {
          int width = Math.min(tiles.widest(), padded - j);
          tiles.multiply(cells, start, 1, g.columns().stride() * groupIn, rows, outputs, from + j, step, count, 1, 0,
              width, apart ? tiles.zeros() : sum, apart ? 0 : at + j, apart ? 0 : padded, Float.NEGATIVE_INFINITY,
              apart ? product : sum, apart ? j : at + j, padded, width);
        }
        if (apart) {
          machine.kernels().elementwise().binary(Binary.ADD, sum, at, product, 0, sum, at, rows * padded);
        }
      }
    }
  }
}
