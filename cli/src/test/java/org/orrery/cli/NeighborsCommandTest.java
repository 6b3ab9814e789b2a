package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumPy;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Shape;

class NeighborsCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  /// Four points on a line at 0.1, 0.2, 0.5 and 0.9.
  private String line() throws IOException {
    Path file = folder.resolve("line.npy");
    NumPy.write(file, NumericArray.of(Shape.of(4, 1), 0.1, 0.2, 0.5, 0.9));
    return file.toString();
  }

  @Test
  void pairsAreCountedInOpenAndInPeriodicSpace() throws IOException {
    assertEquals(0, run("neighbors", line(), "--radius", "0.25"), err.toString());
    assertTrue(out.toString().contains("1 pairs within 0.25, 2 edges; neighbors of a point: 0 to 1"), out.toString());
    assertEquals(0, run("neighbors", line(), "--radius", "0.25", "--box", "1", "--bins", "2"), err.toString());
    // across the border 0.9 is 0.2 from 0.1; 0.1 and 0.2 are 0.1 apart
    assertTrue(out.toString().contains("2 pairs within 0.25, 4 edges; neighbors of a point: 0 to 2"), out.toString());
    assertTrue(out.toString().contains("0.00000 up to 0.125000  1"), out.toString());
    assertTrue(out.toString().contains("0.125000 up to 0.250000  1"), out.toString());
  }

  @Test
  void theNearestAreFound() throws IOException {
    assertEquals(0, run("neighbors", line(), "--k", "2"), err.toString());
    assertTrue(out.toString().contains("the 2 nearest of each point, 8 edges"), out.toString());
    assertTrue(out.toString().contains("0.700000 at most"), out.toString()); // 0.9 and 0.2
  }

  @Test
  void whatCannotBeIsSaid() throws IOException {
    String line = line();
    assertEquals(2, run("neighbors", line));
    assertEquals(2, run("neighbors", line, "--radius", "1", "--k", "1"));
    assertEquals(2, run("neighbors", line, "--radius", "NaN"));
    assertEquals(2, run("neighbors", line, "--k", "0"));
    assertEquals(2, run("neighbors", line, "--radius", "0.1", "--box", "1,1"));
    assertEquals(2, run("neighbors", line, "--radius", "0.1", "--box", "-1"));
    assertEquals(1, run("neighbors", line, "--k", "4"));
    assertTrue(err.toString().contains("k is 4 for 4 points; 1 to 3 is required"), err.toString());
    assertEquals(1, run("neighbors", line, "--radius", "0.1", "--box", "0.7"));
    assertTrue(err.toString().contains("outside the box"), err.toString());
    assertEquals(1, run("neighbors", line, "--radius", "0.6", "--box", "1"));
    assertTrue(err.toString().contains("at most half the shortest period"), err.toString());
    Path both = folder.resolve("both.npz");
    NumPyArchive.of(Map.of("a", NumericArray.of(Shape.of(2), 1.0, 2), "b", NumericArray.of(Shape.of(1, 1), 1.0)))
        .write(both);
    assertEquals(1, run("neighbors", both.toString(), "--radius", "1"));
    assertEquals(1, run("neighbors", both.toString(), "--radius", "1", "--array", "a"));
    assertTrue(err.toString().contains("array a is [2]; [points, 1 to 3] is required"), err.toString());
  }
}
