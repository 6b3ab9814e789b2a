package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.halographnet.HaloGraphNet;
import org.orrery.examples.halographnet.HaloWeigher;
import org.orrery.graph.space.NeighborRule;
import org.orrery.tensor.Key;
import org.orrery.training.SavedModel;

class WeighCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private Path galaxies() throws IOException {
    return Files.writeString(folder.resolve("galaxies.csv"), """
        host,galaxy,x_kpc,y_kpc,z_kpc,speed_km_s,stellar_mass_msun,half_light_radius_kpc
        A,a,0,0,0,0,1e10,3
        A,b,50,20,-10,90,1e8,1
        """, StandardCharsets.UTF_8);
  }

  private Path model() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SavedModel.write(file, HaloWeigher.BLUEPRINT,
        new HaloWeigher(HaloGraphNet.create(Key.of(1)), NeighborRule.of("within 1.0 open 3")));
    return file;
  }

  @Test
  void aSavedModelWeighsAndIsSavedAgainToTheByte() throws IOException {
    Path again = folder.resolve("again.safetensors");
    Path json = folder.resolve("report.json");
    Path model = model();
    assertEquals(0, run("weigh", "--model", model.toString(), "--galaxies", galaxies().toString(), "--save",
        again.toString(), "--json", json.toString(), "--rotations", "3"), err.toString());
    assertTrue(out.toString().startsWith("A         2 galaxies,   2 edges  M_200c "), out.toString());
    assertTrue(out.toString().contains("under 3 rotations"), out.toString());
    assertEquals(-1, Files.mismatch(model, again));
    assertTrue(Files.readString(json).contains("\"mass_1e12_msun\""), Files.readString(json));
  }

  @Test
  void aDashIsTheStandardOutputWhichThenHoldsJsonAlone() throws IOException {
    Path json = folder.resolve("report.json");
    List<String> command = List.of("weigh", "--model", model().toString(), "--galaxies", galaxies().toString(),
        "--rotations", "2", "--json");
    assertEquals(0, run(Stream.concat(command.stream(), Stream.of(json.toString())).toArray(String[]::new)));
    out.getBuffer().setLength(0);
    assertEquals(0, run(Stream.concat(command.stream(), Stream.of("-")).toArray(String[]::new)), err.toString());
    assertEquals(Files.readString(json), out.toString());
    assertFalse(Files.exists(Path.of("-")), "a file called -");
  }

  @Test
  void whatCannotBeIsSaidBeforeAnyWork() throws IOException {
    Path galaxies = galaxies();
    String csv = galaxies.toString();
    String model = model().toString();
    assertEquals(2, run("weigh", "--galaxies", csv));
    assertEquals(2, run("weigh", "--weights", model, "--radius", "-1", "--galaxies", csv));
    assertEquals(2, run("weigh", "--model", model, "--galaxies", csv, "--rotations", "-1"));
    Path json = folder.resolve("report.json");
    assertEquals(2, run("weigh", "--model", model, "--galaxies", csv, "--json", csv));
    assertEquals(2, run("weigh", "--model", model, "--galaxies", csv, "--save", folder + "/./model.safetensors"));
    assertEquals(2,
        run("weigh", "--model", model, "--galaxies", csv, "--json", json.toString(), "--save", json.toString()));
    assertTrue(Files.readString(galaxies).startsWith("host"), "the galaxies are still there");
    assertEquals(1, run("weigh", "--model", model, "--galaxies", csv, "--json", json.toString(), "--save",
        folder.resolve("none").resolve("x").toString()));
    assertFalse(Files.exists(json), "nothing is written where something cannot be");
    assertEquals(1, run("weigh", "--weights", model, "--radius", "1", "--galaxies", csv));
    assertTrue(err.toString().contains("neither a zip archive nor a pickle"), err.toString());
  }
}
