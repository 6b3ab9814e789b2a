package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.FormatException;
import org.orrery.tensor.Key;

class CatalogFolderTest {
  private static final int BOXES = 5;

  @TempDir
  private Path folder;

  @BeforeEach
  void write() throws IOException {
    StringBuilder table = new StringBuilder("#Name Omega_m sigma_8 seed\n");
    for (int b = 0; b < BOXES; b++) {
      table.append(String.format(Locale.ROOT, "LH_%d %.2f %.2f %d%n", b, 0.1 + 0.05 * b, 0.6 + 0.05 * b, b));
      Files.writeString(folder.resolve("LH_" + b + ".csv"), catalog(b, 12));
    }
    Files.writeString(folder.resolve("parameters.txt"), table);
  }

  private static String catalog(int box, int objects) {
    StringBuilder lines = new StringBuilder("x,y,z,vx,vy,vz,mass\n");
    double[] u = Key.of(box).uniformDouble(7 * objects);
    for (int i = 0; i < objects; i++) {
      lines.append(String.format(Locale.ROOT, "%.4f,%.4f,%.4f,%.1f,%.1f,%.1f,%.4e%n", 100 * u[7 * i],
          100 * u[7 * i + 1],
          100 * u[7 * i + 2], 300 * u[7 * i + 3], 300 * u[7 * i + 4], 300 * u[7 * i + 5], 1e13 * (1 + u[7 * i + 6])));
    }
    return lines.toString();
  }

  private SimulationSet read() throws IOException {
    return CatalogFolder.read(folder, 10, CatalogFile.Columns.USUAL, OptionalDouble.of(100), 3);
  }

  @Test
  void everyCatalogComesWithItsParameters() throws IOException {
    SimulationSet set = read();
    assertEquals(new SimulationSet.Recipe(BOXES, 100, 0, 10, 3), set.recipe());
    TreeSet<Double> seen = new TreeSet<>();
    for (Simulation box : set.boxes()) {
      int number = (int) Math.round((box.omegaM() - 0.1) / 0.05);
      assertEquals(0.6 + 0.05 * number, box.sigma8(), 1e-9);
      double heaviest = IntStream.range(0, 12)
          .mapToDouble(i -> 1e13 * (1 + Key.of(number).uniformDouble(84)[7 * i + 6]))
          .max().orElseThrow();
      assertEquals(heaviest, Arrays.stream(box.halos().masses()).max().orElseThrow(), 1e9);
      assertEquals(10, box.halos().size());
      seen.add(box.omegaM());
    }
    assertEquals(BOXES, seen.size());
  }

  @Test
  void aCatalogMayStandInAFolderOfItsOwn() throws IOException {
    Files.createDirectory(folder.resolve("LH_2"));
    Files.move(folder.resolve("LH_2.csv"), folder.resolve("LH_2").resolve("groups.csv"));
    assertEquals(BOXES, read().boxes().size());
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Files.move(folder.resolve("LH_3.csv"), folder.resolve("LH_9.csv"));
    String both = refused();
    assertTrue(both.contains("[LH_3] without a catalog") && both.contains("[LH_9] without a line of parameters"), both);
    Files.move(folder.resolve("LH_9.csv"), folder.resolve("LH_3.csv"));
    Files.writeString(folder.resolve("LH_3.csv"), catalog(3, 4));
    assertTrue(refused().contains("LH_3.csv: 4 objects with a mass; 10 are wanted"), refused());
    Files.writeString(folder.resolve("other.txt"), "#Name\n");
    assertTrue(refused().contains("2 tables of parameters"), refused());
    for (Path table : List.of(folder.resolve("other.txt"), folder.resolve("parameters.txt"))) {
      Files.delete(table);
    }
    assertTrue(refused().contains("0 tables of parameters"), refused());
  }

  private String refused() {
    return String.valueOf(assertThrows(FormatException.class, this::read).getMessage());
  }
}
