package org.orrery.tensor.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.AttentionKernels.Pairing;
import org.orrery.tensor.backend.AttentionKernels.Reach;
import org.orrery.tensor.backend.Binary;
import org.orrery.tensor.backend.Unary;
import org.orrery.tensor.cpu.loops.ElementwiseLoops;
import org.orrery.tensor.cpu.loops.ProductTiles;
import org.orrery.tensor.cpu.loops.RunReductions;

/// Attention tile by tile: some queries at a time against all keys of their sequence, whose scores stay in cache. Keys and values are
/// packed once for a sequence and head. Backward makes the weights again; what each query gives to keys and values is added to sums of
/// a sequence and head (or of some of its queries, where there are few of these), in order.
///
/// What a query does not hear, for a causal order or a bias of -infinity, does not touch it, whatever it is ([FiniteBlock]). A query that
/// hears nothing gets 0.
final class Attentions {
  /// So many scores stay in cache.
  private static final int TILE = 1 << 15;
  private static final int MOST_QUERIES = 64;
  private static final int LEAST_QUERIES = 8;
  /// With so many sequences and heads each is one task.
  private static final int ENOUGH = 8;
  /// Else queries are cut into pieces of so many tiles.
  private static final int PIECE_TILES = 4;
  private static final int MOST_PIECES = 8;
  private static final float[] NOTHING = new float[0];

  private final Machine machine;
  private final ElementwiseLoops elementwise;
  private final RunReductions runs;
  private final ProductTiles tiles;
  private final Pairing pairing;
  private final float[] queries;
  private final float[] keys;
  private final float[] values;
  private final float @Nullable [] bias;
  private final int biasHeads;
  private final int biasRow;
  private final int biasHead;
  private final int width;
  private final int channels;
  private final int headWidth;
  private final int headChannels;

  Attentions(Machine machine, Pairing pairing, float[] queries, float[] keys, float[] values, float @Nullable [] bias,
      int biasSize, int width, int channels) {
    this.machine = machine;
    this.elementwise = machine.kernels().elementwise();
    this.runs = machine.kernels().runs();
    this.tiles = machine.kernels().tiles();
    this.pairing = pairing;
    this.queries = queries;
    this.keys = keys;
    this.values = values;
    this.bias = bias;
    this.width = width;
    this.channels = channels;
    this.headWidth = width / pairing.heads();
    this.headChannels = channels / pairing.heads();
    int mostQueries = 0;
    int mostKeys = 0;
    for (int s = 0; s < pairing.sequences(); s++) {
      mostQueries = Math.max(mostQueries, pairing.queryOffsets().at(s + 1) - pairing.queryOffsets().at(s));
      mostKeys = Math.max(mostKeys, pairing.keyOffsets().at(s + 1) - pairing.keyOffsets().at(s));
    }
    this.biasRow = mostKeys;
    this.biasHead = mostQueries * mostKeys;
    this.biasHeads = biasHead == 0 ? 1 : Math.max(1, biasSize / biasHead);
  }

  /// One head of one sequence.
  private final class Pair {
    private final int number;
    private final int head;
    private final int firstQuery;
    private final int queryCount;
    private final int firstKey;
    private final int keyCount;
    private final int tile;

    Pair(int number) {
      this.number = number;
      this.head = number % pairing.heads();
      int sequence = number / pairing.heads();
      this.firstQuery = pairing.queryOffsets().at(sequence);
      this.queryCount = pairing.queryOffsets().at(sequence + 1) - firstQuery;
      this.firstKey = pairing.keyOffsets().at(sequence);
      this.keyCount = pairing.keyOffsets().at(sequence + 1) - firstKey;
      int fitting = TILE / Math.max(1, keyCount) / LEAST_QUERIES * LEAST_QUERIES;
      this.tile = Math.clamp(fitting, LEAST_QUERIES, MOST_QUERIES);
    }

    private int tileCount() {
      return (queryCount + tile - 1) / tile;
    }

    private PackedMatrix keysAsColumns() {
      return PackedMatrix.of(machine, keys, firstKey * width + head * headWidth, 1, width, headWidth, keyCount);
    }

    private FiniteBlock finiteKeys() {
      return finite(keys, firstKey * width + head * headWidth, width, headWidth);
    }

    private FiniteBlock finiteValues() {
      return finite(values, firstKey * channels + head * headChannels, channels, headChannels);
    }

    private FiniteBlock finite(float[] x, int start, int step, int columns) {
      return isSelective()
          ? FiniteBlock.of(runs, x, start, step, keyCount, columns)
          : FiniteBlock.unchanged(x, start, step, columns);
    }

    private PackedMatrix asRows(FiniteBlock block, int columns) {
      return PackedMatrix.of(machine, block.values, block.start, block.step, 1, keyCount, columns);
    }

    private PackedMatrix asColumns(FiniteBlock block, int columns) {
      return PackedMatrix.of(machine, block.values, block.start, 1, block.step, columns, keyCount);
    }

    private int biasAt(int query) {
      return (biasHeads == 1 ? 0 : head * biasHead) + query * biasRow;
    }

    private boolean hears(int query, int key) {
      return key < reached(query) && (bias == null || bias[biasAt(query) + key] != Float.NEGATIVE_INFINITY);
    }

    /// Writes a number where a query hears no key of those that it reaches.
    private void silence(int query, float[] x, int row, float number) {
      for (int j = 0; j < reached(query); j++) {
        if (!hears(query, j)) {
          x[row + j] = number;
        }
      }
    }

    /// How many keys a query attends to.
    private int reached(int query) {
      return pairing.reach().keys(query, queryCount, keyCount);
    }

    /// The keys that any query of a tile attends to, up to a whole panel.
    private int end(int query, int count) {
      int most = reached(query + count - 1);
      int panel = tiles.widest();
      return pairing.reach() == Reach.ALL ? keyCount : Math.min(keyCount, (most + panel - 1) / panel * panel);
    }

    /// Writes e^(score - the most) of some queries in rows of `keyCount`, 0 beyond their reach, and 1 over the sum of each; 0 where a query
    /// hears nothing.
    private void exponentials(PackedMatrix columns, int query, int count, float[] scores, float[] inverse) {
      int end = end(query, count);
      columns.multiply(queries, (firstQuery + query) * width + head * headWidth, width, 1, count, 0, headWidth, 0, end,
          NOTHING, Float.NEGATIVE_INFINITY, scores, 0, keyCount, false);
      for (int i = 0; i < count; i++) {
        int row = i * keyCount;
        int reached = reached(query + i);
        elementwise.unary(Unary.SCALE, (float) pairing.scale(), scores, scores, row, row + reached);
        if (bias != null) {
          elementwise.binary(Binary.ADD, scores, row, bias, biasAt(query + i), scores, row, reached);
        }
        inverse[i] = exponentials(query + i, row, reached, scores);
        Arrays.fill(scores, row + reached, row + Math.max(reached, end), 0f);
      }
    }

    /// Of one query; returns 1 over the sum.
    private float exponentials(int query, int row, int reached, float[] scores) {
      float most = runs.maximum(scores, row, row + reached);
      boolean isPartlyHeard = bias != null && Float.isNaN(most);
      if (isPartlyHeard) {
        silence(query, scores, row, Float.NEGATIVE_INFINITY);
        most = runs.maximum(scores, row, row + reached);
      }
      if (most == Float.NEGATIVE_INFINITY) {
        Arrays.fill(scores, row, row + reached, 0f);
        return 0;
      }
      elementwise.unary(Unary.SHIFT, -most, scores, scores, row, row + reached);
      elementwise.unary(Unary.EXP, 0f, scores, scores, row, row + reached);
      if (isPartlyHeard) {
        silence(query, scores, row, 0f);
      }
      return 1 / sum(scores, row, row + reached);
    }

    private float sum(float[] x, int from, int to) {
      double sum = 0;
      for (int at = from; at < to; at += 1024) {
        sum += runs.sum(x, at, Math.min(to, at + 1024));
      }
      return (float) sum;
    }

    /// The factors of dropout of a query.
    private void factors(int query, float[] factors) {
      Key noise = pairing.noise();
      if (noise != null) {
        noise.fold(number).fold(query).uniform(factors, 0, keyCount);
        float kept = (float) (1 / (1 - pairing.rate()));
        for (int j = 0; j < keyCount; j++) {
          factors[j] = factors[j] >= (float) pairing.rate() ? kept : 0f;
        }
      }
    }

    void forward(float[] y) {
      PackedMatrix columns = keysAsColumns();
      FiniteBlock finite = finiteValues();
      PackedMatrix rows = asRows(finite, headChannels);
      machine.parallel().forChunks(tileCount(), 1, (from, to) -> {
        float[] scores = machine.pool().take(tile * keyCount);
        float[] inverse = new float[tile];
        float[] factors = pairing.noise() == null ? NOTHING : machine.pool().take(keyCount);
        for (int t = from; t < to; t++) {
          int query = t * tile;
          int count = Math.min(tile, queryCount - query);
          exponentials(columns, query, count, scores, inverse);
          for (int i = 0; i < count && pairing.noise() != null; i++) {
            factors(query + i, factors);
            multiply(scores, i * keyCount, factors, reached(query + i));
          }
          int at = (firstQuery + query) * channels + head * headChannels;
          int end = end(query, count);
          if (end == 0) {
            for (int i = 0; i < count; i++) {
              Arrays.fill(y, at + i * channels, at + i * channels + headChannels, 0f);
            }
          } else {
            rows.multiply(scores, 0, keyCount, 1, count, 0, end, NOTHING, Float.NEGATIVE_INFINITY, y, at, channels,
                false);
            finite.addProducts(scores, keyCount, count, (i, j) -> hears(query + i, j), y, at, channels);
          }
          for (int i = 0; i < count; i++) {
            int row = at + i * channels;
            elementwise.unary(Unary.SCALE, inverse[i], y, y, row, row + headChannels);
          }
        }
        machine.pool().give(scores);
        machine.pool().give(factors);
      });
      columns.release();
      rows.release();
    }

    private void multiply(float[] x, int at, float[] factors, int count) {
      elementwise.binary(Binary.MULTIPLY, x, at, factors, 0, x, at, count);
    }

    /// The pieces that the tiles are cut into, from shapes alone.
    int pieces(boolean several) {
      return several ? Math.clamp((tileCount() + PIECE_TILES - 1) / PIECE_TILES, 1, MOST_PIECES) : 1;
    }

    /// The gradients of some tiles: by queries in place, by keys and values as sums `[keys, columns of a head in whole vectors]`.
    void gradient(int firstTile, int endTile, float[] upstream, float[] byQueries, float[] keySums, float[] valueSums) {
      int wide = PackedMatrix.padded(tiles, headWidth);
      int deep = PackedMatrix.padded(tiles, headChannels);
      Arrays.fill(keySums, 0, keyCount * wide, 0f);
      Arrays.fill(valueSums, 0, keyCount * deep, 0f);
      PackedMatrix columns = keysAsColumns();
      FiniteBlock finiteKeys = finiteKeys();
      FiniteBlock finiteValues = finiteValues();
      PackedMatrix keyRows = asRows(finiteKeys, headWidth);
      PackedMatrix valueColumns = asColumns(finiteValues, headChannels);
      float[] weights = machine.pool().take(tile * keyCount);
      float[] shares = machine.pool().take(tile * keyCount);
      float[] scaled = machine.pool().take(tile * wide);
      float[] above = machine.pool().take(tile * deep);
      float[] factors = pairing.noise() == null ? NOTHING : machine.pool().take(tile * keyCount);
      float[] inverse = new float[tile];
      for (int t = firstTile; t < endTile; t++) {
        int query = t * tile;
        int count = Math.min(tile, queryCount - query);
        int end = end(query, count);
        int at = (firstQuery + query) * width + head * headWidth;
        if (end == 0) {
          for (int i = 0; i < count; i++) {
            Arrays.fill(byQueries, at + i * width, at + i * width + headWidth, 0f);
          }
          continue;
        }
        FiniteBlock.Heard heard = (i, j) -> hears(query + i, j);
        exponentials(columns, query, count, weights, inverse);
        int from = (firstQuery + query) * channels + head * headChannels;
        valueColumns.multiply(upstream, from, channels, 1, count, 0, headChannels, 0, end, NOTHING,
            Float.NEGATIVE_INFINITY, shares, 0, keyCount, false);
        finiteValues.addDots(upstream, from, channels, count, heard, shares, keyCount);
        PackedMatrix.pack(upstream, from, channels, 1, count, headChannels, above, 0, deep);
        PackedMatrix.pack(queries, at, width, 1, count, headWidth, scaled, 0, wide);
        elementwise.unary(Unary.SCALE, (float) pairing.scale(), scaled, scaled, 0, count * wide);
        for (int i = 0; i < count; i++) {
          throughSoftmax(query + i, i * keyCount, end, weights, shares, factors, inverse[i]);
        }
        float[] kept = pairing.noise() == null ? weights : factors;
        addTransposed(kept, count, end, above, deep, headChannels, heard, valueSums);
        addTransposed(shares, count, end, scaled, wide, headWidth, heard, keySums);
        keyRows.multiply(shares, 0, keyCount, 1, count, 0, end, NOTHING, Float.NEGATIVE_INFINITY, byQueries, at, width,
            false);
        finiteKeys.addProducts(shares, keyCount, count, heard, byQueries, at, width);
        for (int i = 0; i < count; i++) {
          int row = at + i * width;
          elementwise.unary(Unary.SCALE, (float) pairing.scale(), byQueries, byQueries, row, row + headWidth);
        }
      }
      columns.release();
      keyRows.release();
      valueColumns.release();
      for (float[] scratch : new float[][] {weights, shares, scaled, above, factors}) {
        machine.pool().give(scratch);
      }
    }

    /// The weights of one query, normalized (and in `factors` those that dropout leaves), and, in the place of the gradient by them,
    /// that by the scores: a (f g - sum a f g).
    private void throughSoftmax(int query, int row, int end, float[] weights, float[] shares, float[] factors,
        float inverse) {
      int reached = reached(query);
      elementwise.unary(Unary.SCALE, inverse, weights, weights, row, row + reached);
      if (bias != null && !Float.isFinite(inverse)) {
        silence(query, weights, row, 0f);
      }
      if (pairing.noise() != null) {
        float[] drawn = machine.pool().take(keyCount);
        factors(query, drawn);
        multiply(shares, row, drawn, reached);
        System.arraycopy(weights, row, factors, row, end);
        multiply(factors, row, drawn, reached);
        machine.pool().give(drawn);
      }
      double dot = dot(weights, shares, row, reached);
      boolean isPartlyHeard = bias != null && !Double.isFinite(dot);
      if (isPartlyHeard) {
        silence(query, shares, row, 0f);
        dot = dot(weights, shares, row, reached);
      }
      elementwise.unary(Unary.SHIFT, (float) -dot, shares, shares, row, row + reached);
      elementwise.binary(Binary.MULTIPLY, shares, row, weights, row, shares, row, reached);
      if (isPartlyHeard) {
        silence(query, shares, row, 0f);
      }
      Arrays.fill(shares, row + reached, row + Math.max(reached, end), 0f);
    }

    private double dot(float[] weights, float[] shares, int row, int reached) {
      double dot = 0;
      for (int j = 0; j < reached; j += 1024) {
        dot += runs.dot(weights, row + j, shares, row + j, Math.min(1024, reached - j));
      }
      return dot;
    }

    /// sums[j, c] += sum over i of table[i, j] right[i, c], for the j that i hears. What is not finite in right is written over.
    private void addTransposed(float[] table, int count, int end, float[] right, int padded, int width,
        FiniteBlock.Heard heard, float[] sums) {
      if (isSelective() && !runs.allFinite(right, 0, count * padded)) {
        FiniteBlock finite = FiniteBlock.inPlace(runs, right, 0, padded, count, width);
        finite.addTransposed(table, keyCount, end, heard, sums, padded);
      }
      for (int c = 0; c < padded; c += tiles.widest()) {
        int columns = Math.min(tiles.widest(), padded - c);
        tiles.multiply(table, 0, 1, keyCount, end, right, c, padded, count, 1, 0, columns, sums, c, padded,
            Float.NEGATIVE_INFINITY, sums, c, padded, columns);
      }
    }
  }

  /// Whether a query may reach a key without hearing it.
  private boolean isSelective() { return pairing.reach() == Reach.CAUSAL || bias != null; }

  private int pairs() {
    return pairing.sequences() * pairing.heads();
  }

  void forward(float[] y) {
    if (pairs() >= ENOUGH) {
      machine.parallel().forChunks(pairs(), 1, (from, to) -> {
        for (int p = from; p < to; p++) {
          new Pair(p).forward(y);
        }
      });
    } else {
      for (int p = 0; p < pairs(); p++) {
        new Pair(p).forward(y);
      }
    }
  }

  /// Gradients by queries, keys and values.
  void gradient(float[] upstream, float[] byQueries, float[] byKeys, float[] byValues) {
    int wide = PackedMatrix.padded(tiles, headWidth);
    int deep = PackedMatrix.padded(tiles, headChannels);
    boolean several = pairs() < ENOUGH;
    int[] firsts = new int[pairs() + 1];
    for (int p = 0; p < pairs(); p++) {
      firsts[p + 1] = firsts[p] + new Pair(p).pieces(several);
    }
    float[][] keySums = new float[firsts[pairs()]][];
    float[][] valueSums = new float[firsts[pairs()]][];
    machine.parallel().forChunks(firsts[pairs()], 1, (from, to) -> {
      for (int task = from; task < to; task++) {
        int p = owner(firsts, task);
        Pair pair = new Pair(p);
        int pieces = firsts[p + 1] - firsts[p];
        int piece = task - firsts[p];
        keySums[task] = machine.pool().take(pair.keyCount * wide);
        valueSums[task] = machine.pool().take(pair.keyCount * deep);
        pair.gradient((int) ((long) pair.tileCount() * piece / pieces),
            (int) ((long) pair.tileCount() * (piece + 1) / pieces), upstream, byQueries, keySums[task],
            valueSums[task]);
        if (pieces == 1) {
          finish(pair, keySums, valueSums, task, 1, byKeys, byValues);
        }
      }
    });
    for (int p = 0; p < pairs(); p++) {
      if (firsts[p + 1] - firsts[p] > 1) {
        finish(new Pair(p), keySums, valueSums, firsts[p], firsts[p + 1] - firsts[p], byKeys, byValues);
      }
    }
  }

  private static int owner(int[] firsts, int task) {
    int found = Arrays.binarySearch(firsts, task);
    int owner = found >= 0 ? found : -found - 2;
    while (firsts[owner + 1] == task) {
      owner++;
    }
    return owner;
  }

  /// Adds up the pieces in order and writes them to the columns of the head.
  private void finish(Pair pair, float[][] keySums, float[][] valueSums, int first, int pieces, float[] byKeys,
      float[] byValues) {
    int wide = PackedMatrix.padded(tiles, headWidth);
    int deep = PackedMatrix.padded(tiles, headChannels);
    for (int piece = 1; piece < pieces; piece++) {
      elementwise.binary(Binary.ADD, keySums[first], 0, keySums[first + piece], 0,
          keySums[first], 0, pair.keyCount * wide);
      elementwise.binary(Binary.ADD, valueSums[first], 0, valueSums[first + piece], 0,
          valueSums[first], 0, pair.keyCount * deep);
      machine.pool().give(keySums[first + piece]);
      machine.pool().give(valueSums[first + piece]);
    }
    for (int j = 0; j < pair.keyCount; j++) {
      System.arraycopy(keySums[first], j * wide, byKeys, (pair.firstKey + j) * width + pair.head * headWidth,
          headWidth);
      System.arraycopy(valueSums[first], j * deep, byValues,
          (pair.firstKey + j) * channels + pair.head * headChannels, headChannels);
    }
    machine.pool().give(keySums[first]);
    machine.pool().give(valueSums[first]);
  }
}
