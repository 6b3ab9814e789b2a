package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;
import org.orrery.tensor.cpu.Parallel;

class SimulationSetTest {
  static final SimulationSet.Recipe SMALL = new SimulationSet.Recipe(6, 100, 16, 30, 4);

  static SimulationSet small() {
    return SimulationSet.simulate(SMALL, done -> {
    });
  }

  /// A Latin hypercube has one box in each stratum of each parameter.
  @Test
  void universesAreALatinHypercube() {
    AtomicInteger heard = new AtomicInteger();
    SimulationSet set = SimulationSet.simulate(SMALL, done -> heard.incrementAndGet());
    assertEquals(6, heard.get());
    for (int p = 0; p < 2; p++) {
      int parameter = p;
      Set<Integer> strata = Set.copyOf(set.boxes().stream()
          .map(box -> (int) ((box.parameters()[parameter] - SimulationSet.PRIOR.low(parameter)) / 0.4 * 6)).toList());
      assertEquals(Set.of(0, 1, 2, 3, 4, 5), strata);
    }
  }

  @Test
  void aSeedGivesTheSameBoxesForAnyNumberOfThreads() {
    SimulationSet one = Parallel.with(1, SimulationSetTest::small);
    SimulationSet three = Parallel.with(3, SimulationSetTest::small);
    for (int b = 0; b < 6; b++) {
      assertArrayEquals(one.boxes().get(b).halos().positions(), three.boxes().get(b).halos().positions());
    }
  }

  @Test
  void aFileKeepsTheBoxesToFloat32(@TempDir Path folder) throws IOException {
    SimulationSet set = small();
    Path file = folder.resolve("boxes.safetensors");
    set.write(file);
    SimulationSet again = SimulationSet.read(file);
    assertEquals(SMALL, again.recipe());
    for (int b = 0; b < 6; b++) {
      assertArrayEquals(set.boxes().get(b).parameters(), again.boxes().get(b).parameters());
      double[] x = set.boxes().get(b).halos().positions();
      assertArrayEquals(x, again.boxes().get(b).halos().positions(), 1e-5);
      assertArrayEquals(set.boxes().get(b).halos().velocities(), again.boxes().get(b).halos().velocities(), 1e-3);
    }
  }

  @Test
  void aFileOfSomethingElseIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("other.safetensors");
    SafeTensors.of(Map.of("x", NumericArray.of(Shape.of(1), 1f)), Map.of()).write(file);
    refused("no set of simulations", file);
    SafeTensors whole = written(folder);
    Map<String, NumericArray> arrays = new TreeMap<>(whole.arrays());
    float[] outside = whole.array("positions").floats();
    outside[7] = 1000;
    arrays.put("positions", NumericArray.of(Shape.of(6, 30, 3), outside));
    SafeTensors.of(arrays, whole.metadata()).write(file);
    refused("object 2 at 1000.0 along axis 1; a position from 0 to below 100.0 is required", file);
    arrays.remove("positions");
    SafeTensors.of(arrays, whole.metadata()).write(file);
    refused("positions", file);
    Map<String, String> texts = new TreeMap<>(whole.metadata());
    texts.put("boxes", "many");
    SafeTensors.of(whole.arrays(), texts).write(file);
    refused("many", file);
  }

  private static SafeTensors written(Path folder) throws IOException {
    Path file = folder.resolve("boxes.safetensors");
    small().write(file);
    return SafeTensors.read(file);
  }

  private static void refused(String part, Path file) {
    String message = String
        .valueOf(assertThrows(FormatException.class, () -> SimulationSet.read(file)).getMessage());
    assertTrue(message.contains(part), message);
    assertTrue(message.contains(String.valueOf(file.getFileName())), message);
  }
}
