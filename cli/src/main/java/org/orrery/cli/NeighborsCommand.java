package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.Pairs;
import org.orrery.graph.space.Space;
import org.orrery.io.ArrayFile;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Indices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs [NeighborList] and [Pairs] on the positions in a file.
@Command(name = "neighbors", mixinStandardHelpOptions = true, description = "Count the pairs of points within a radius, or find the nearest of each, exactly.")
final class NeighborsCommand implements Callable<Integer> {
  private static final int MOST_BINS = 10_000;

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "Positions, an array [points, 1 to 3]: .npy, .npz, .safetensors or .pt")
  private Path file;

  @Option(names = "--array", paramLabel = "NAME", description = "Which array of the file. Default: its only one, else pos or positions")
  private @Nullable String array;

  @Option(names = "--radius", paramLabel = "R", description = "Count the pairs up to this far apart")
  private @Nullable Double radius;

  @Option(names = "--k", paramLabel = "K", description = "Find the K nearest of each point instead")
  private @Nullable Integer nearest;

  @Option(names = "--box", paramLabel = "L", split = ",", description = "The side of the periodic box, or one an axis: 32 or 10,20,30. Default: open space")
  private double @Nullable [] box;

  @Option(names = "--bins", paramLabel = "N", description = "Count in N equal bins of distance up to the radius too")
  private @Nullable Integer bins;

  @Override
  public Integer call() throws Exception {
    requireOptions();
    NumericArray positions = positions();
    Space space = space(positions.shape().size(1));
    double[] x = positions.doubles();
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + ": " + positions.shape().size(0) + " points in " + space);
    if (nearest != null) {
      nearest(space, x, nearest, out);
    } else if (radius != null) {
      within(space, x, radius, out);
    }
    out.flush();
    return 0;
  }

  private void requireOptions() {
    if ((radius == null) == (nearest == null)) {
      throw unfit("one of --radius and --k is required");
    }
    if (radius != null && !(radius > 0 && Double.isFinite(radius))) {
      throw unfit("--radius: " + radius + "; a positive number is required");
    }
    if (nearest != null && (nearest < 1 || bins != null)) {
      throw unfit("--k: " + nearest + "; 1 or more is required, and no --bins");
    }
    if (bins != null && (bins < 1 || bins > MOST_BINS)) {
      throw unfit("--bins: " + bins + "; 1 to " + MOST_BINS + " is required");
    }
  }

  private ParameterException unfit(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private NumericArray positions() throws IOException {
    Map<String, NumericArray> arrays = ArrayFile.read(file).arrays();
    String name = array;
    if (name == null) {
      name = arrays.size() == 1
          ? arrays.keySet().iterator().next()
          : arrays.containsKey("pos") ? "pos" : "positions";
    }
    NumericArray positions = arrays.get(name);
    if (positions == null) {
      throw new FormatException(file + ": there is no array " + name + "; there are " + arrays.keySet()
          + "; --array names one");
    }
    if (positions.shape().rank() != 2 || positions.shape().size(1) < 1 || positions.shape().size(1) > 3) {
      throw new FormatException(
          file + ": array " + name + " is " + positions.shape() + "; [points, 1 to 3] is required");
    }
    return positions;
  }

  private Space space(int dimensions) {
    if (box == null) {
      return Space.open(dimensions);
    }
    double[] periods = box.length == 1 ? new double[dimensions] : box.clone();
    if (box.length == 1) {
      Arrays.fill(periods, box[0]);
    }
    if (periods.length != dimensions) {
      throw unfit("--box: " + periods.length + " sides for points of " + dimensions + " coordinates");
    }
    try {
      return Space.periodic(periods);
    } catch (IllegalArgumentException unfit) {
      throw new ParameterException(spec.commandLine(), "--box: " + unfit.getMessage(), unfit);
    }
  }

  private void within(Space space, double[] x, double limit, PrintWriter out) {
    long start = System.nanoTime();
    int points = x.length / space.dimensions();
    int[] neighbors = new int[points];
    Pairs pairs = Pairs.within(space, x, limit);
    double seconds = (System.nanoTime() - start) * 1e-9;
    for (Indices end : new Indices[] {pairs.first(), pairs.second()}) {
      for (int k = 0; k < end.size(); k++) {
        neighbors[end.at(k)]++;
      }
    }
    out.printf(Locale.ROOT, "%d pairs within %s, %d edges; neighbors of a point: %d to %d, %.3f in the mean; %.3f s%n",
        pairs.count(), limit, 2L * pairs.count(), Arrays.stream(neighbors).min().orElse(0),
        Arrays.stream(neighbors).max().orElse(0), points == 0 ? 0 : 2.0 * pairs.count() / points, seconds);
    if (bins != null) {
      int count = bins;
      double[] edges = new double[count + 1];
      Arrays.setAll(edges, b -> limit * b / count);
      long[] counts = Pairs.histogram(space, x, edges);
      for (int b = 0; b < count; b++) {
        out.printf(Locale.ROOT, "%.6g up to %.6g  %d%n", edges[b], edges[b + 1], counts[b]);
      }
    }
  }

  private void nearest(Space space, double[] x, int k, PrintWriter out) {
    long start = System.nanoTime();
    NeighborList near = NeighborList.nearest(space, x, k);
    double seconds = (System.nanoTime() - start) * 1e-9;
    double[] distances = near.distances();
    double last = 0;
    for (int e = k - 1; e < distances.length; e += k) {
      last += distances[e];
    }
    out.printf(Locale.ROOT, "the %d nearest of each point, %d edges; the last is %.6g away in the mean, %.6g at most; "
        + "%.3f s%n", k, distances.length, distances.length == 0 ? 0 : last / (distances.length / (double) k),
        Arrays.stream(distances).max().orElse(0), seconds);
  }
}
