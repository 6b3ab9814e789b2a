import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Writes the loops of VectorTiles, a method for each shape of tile, from one template. The build runs it:
/// `java UnrolledTiles.java FILE`, where FILE is the Java source to write.
void main(String[] arguments) throws IOException {
  List<Tile> tiles = List.of(new Tile(6, 4), new Tile(4, 4), new Tile(1, 4), new Tile(8, 3), new Tile(1, 3),
      new Tile(12, 2), new Tile(8, 2), new Tile(6, 2), new Tile(1, 2), new Tile(12, 1), new Tile(4, 1), new Tile(1, 1));
  String calls = tiles.stream().map(tile -> tile.fill(CALL)).collect(joining());
  String loops = tiles.stream().map(tile -> tile.fill(LOOP)).collect(joining());
  String source = CLASS.replace("#calls", calls).replace("#loops", loops);
  Path file = Path.of(arguments[0]);
  if (!Files.exists(file) || !Files.readString(file).equals(source)) { // what is not newer is not compiled again
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
  }
}

static final String CLASS = """
    package org.orrery.tensor.cpu.loops;

    import static jdk.incubator.vector.FloatVector.broadcast;
    import static jdk.incubator.vector.FloatVector.fromArray;
    import static org.orrery.tensor.cpu.loops.Lanes.LANES;
    import static org.orrery.tensor.cpu.loops.Lanes.SPECIES;

    import javax.annotation.processing.Generated;
    import jdk.incubator.vector.FloatVector;

    /// The loops of [VectorTiles], written when the project is built.
    @Generated("tensor/src/main/generators/UnrolledTiles.java")
    final class UnrolledTiles {
      private UnrolledTiles() {
      }

      /// Computes `count` tiles, one below the other, and returns how many rows they have.
      ///
      /// @param last where the last vector of columns starts
      static int run(int rows, int vectors, int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b,
          int bStart, int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c,
          int cStart, int cStep, int last) {
        return switch (10 * rows + vectors) {
    #calls      default -> throw new IllegalArgumentException("no tile of " + rows + " rows by " + vectors + " vectors");
        };
      }
    #loops}
    """;

static final String CALL = """
          case #R#V -> run#Rx#V(count, a, aStart, aRowStep, aInnerStep, b, bStart, bStep, inner, runs, jump,
              init, initStart, initStep, c, cStart, cStep, last);
    """;

static final String LOOP = """

      private static int run#Rx#V(int count, float[] a, int aStart, int aRowStep, int aInnerStep, float[] b,
          int bStart, int bStep, int inner, int runs, int jump, float[] init, int initStart, int initStep, float[] c,
          int cStart, int cStep, int last) {
        int from = aStart;
        int start = initStart;
        int to = cStart;
        int terms = inner * runs;
        int seen = 0; // ahead
        int step = aInnerStep == 1 ? #R : 0; // ahead
        for (int tile = 0; tile < count; tile++) {
          FloatVector c#i_#v = FloatVector.zero(SPECIES);
          int p = from;
          long next = from + #RL * aRowStep; // ahead
          boolean isThere = next + (long) step * inner * runs < a.length; // ahead
          int ahead = isThere ? (int) next : from; // ahead
          int stride = isThere ? step : 0; // ahead
          int q = bStart;
          int turn = inner;
          for (int k = 0; k < terms; k++) {
            if (k == turn) {
              p += jump;
              turn += inner;
            }
            FloatVector b#v = fromArray(SPECIES, b, q + #v * LANES);
            FloatVector a#i = broadcast(SPECIES, a[p + #i * aRowStep]);
            c#i_#v = a#i.fma(b#v, c#i_#v);
            seen |= Float.floatToRawIntBits(a[ahead]); // ahead
            ahead += stride; // ahead
            p += aInnerStep;
            q += bStep;
          }
          c#i_#v = c#i_#v.add(fromArray(SPECIES, init, start + #end));
          c#i_#v.intoArray(c, to + #end);
          start += initStep; // row #i
          to += cStep; // row #i
          from += #R * aRowStep;
        }
        Lanes.keep(seen); // ahead
        return #R * count;
      }
    """;

/// A shape: so many rows by so many vectors of c, which stay in registers while k runs.
record Tile(int rows, int vectors) {
  /// The template for this shape. `#i` is a row and `#v` a vector: neighboring lines that name `#i` are repeated together
  /// for each row, then each line that names `#v` for each vector. `#end` is the offset of a vector in init and c, where the
  /// last of several ends with the columns. Lines marked `// ahead` are for tiles of 24 vectors, the largest.
  String fill(String template) {
    String source = rows * vectors == 24 ? template.replace(" // ahead", "") : template.replaceAll(".*// ahead\n", "");
    source = repeat(source, "(.*#i.*\n)+", rows, (lines, i) -> lines.replace("#i", "" + i));
    source = repeat(source, ".*#v.*\n", vectors,
        (line, v) -> line.replace("#end", 0 < v && v == vectors - 1 ? "last" : "#v * LANES").replace("#v", "" + v));
    return source.replace("#R", "" + rows).replace("#V", "" + vectors);
  }

  private static String repeat(String source, String lines, int count, BiFunction<String, Integer, String> copy) {
    return Pattern.compile(lines).matcher(source).replaceAll(found -> Matcher.quoteReplacement(
        IntStream.range(0, count).mapToObj(n -> copy.apply(found.group(), n)).collect(joining())));
  }
}
