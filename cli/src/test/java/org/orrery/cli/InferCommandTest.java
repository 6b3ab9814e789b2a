package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.cosmology.Catalog;
import org.orrery.examples.galaxies.Feature;
import org.orrery.examples.galaxies.HaloGraph;
import org.orrery.examples.galaxies.HaloModel;
import org.orrery.examples.galaxies.Simulation;
import org.orrery.examples.galaxies.SimulationSet;
import org.orrery.examples.galaxies.TrainedHaloModel;
import org.orrery.inference.CalibrationFactor;
import org.orrery.tensor.Key;
import org.orrery.training.SavedModel;

/// `infer` and `camels-pk`.
class InferCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private static String table(Catalog halos, double speed) {
    StringBuilder lines = new StringBuilder("x,y,z,vx,vy,vz,mass\n");
    for (int i = 0; i < halos.size(); i++) {
      double[] x = halos.positions();
      double[] v = halos.velocities();
      lines.append(String.format(Locale.ROOT, "%.9g,%.9g,%.9g,%.9g,%.9g,%.9g,%.9g%n", x[3 * i], x[3 * i + 1],
          x[3 * i + 2], speed * v[3 * i], speed * v[3 * i + 1], speed * v[3 * i + 2], halos.masses()[i]));
    }
    return lines.toString();
  }

  @Test
  void aCatalogIsInferredFromAndAnUnusualOneEndsWithThree() throws IOException {
    SimulationSet set = SimulationSet.simulate(new SimulationSet.Recipe(70, 100, 24, 40, 5), done -> {});
    List<Simulation> boxes = set.boxes();
    HaloModel halo = HaloModel.create(new HaloGraph(25, Set.of(Feature.VELOCITIES)), new HaloModel.Options(1, 4),
        Key.of(1));
    Path model = folder.resolve("model.safetensors");
    SavedModel.write(model, new TrainedHaloModel.Format(), TrainedHaloModel.of(halo, CalibrationFactor.of(1, 1),
        set.recipe(), boxes.subList(0, 40), boxes.subList(40, 69)));
    Path usual = Files.writeString(folder.resolve("usual.csv"), table(boxes.get(10).halos(), 1));
    Path json = folder.resolve("answer.json");
    assertEquals(0, run("infer", model.toString(), usual.toString(), "--box", "100", "--out", json.toString()),
        err.toString() + out);
    assertTrue(out.toString().contains("looks like the boxes of training"), out.toString());
    assertTrue(Files.readString(json).contains("\"interval68\""));
    Path fast = Files.writeString(folder.resolve("fast.csv"), table(boxes.get(10).halos(), 10));
    assertEquals(InferCommand.UNLIKE, run("infer", model.toString(), fast.toString(), "--box", "100"), err.toString());
    assertTrue(out.toString().contains("does NOT look like"), out.toString());

    assertEquals(1, run("infer", model.toString(), usual.toString(), "--box", "200"), err.toString());
    assertTrue(err.toString().contains("the model knows boxes of 100.0 Mpc/h"), err.toString());
    assertEquals(2, run("infer", model.toString(), usual.toString(), "--box", "-1"));
    assertEquals(2, run("infer", model.toString(), usual.toString(), "--length", "furlong"));
    assertTrue(err.toString().contains("furlong"), err.toString());
  }

  @Test
  void galaxiesTrainsOnSomebodysCatalogs() throws IOException {
    SimulationSet set = SimulationSet.simulate(new SimulationSet.Recipe(30, 100, 16, 20, 4), done -> {});
    Path data = Files.createDirectory(folder.resolve("catalogs"));
    StringBuilder parameters = new StringBuilder("#Name Omega_m sigma_8 seed\n");
    for (int b = 0; b < set.boxes().size(); b++) {
      Simulation box = set.boxes().get(b);
      Files.writeString(data.resolve("LH_" + b + ".csv"), table(box.halos(), 1));
      parameters.append(String.format(Locale.ROOT, "LH_%d %.5f %.5f %d%n", b, box.omegaM(), box.sigma8(), b));
    }
    Files.writeString(data.resolve("parameters.txt"), parameters);
    Path page = folder.resolve("page");
    List<String> command = List.of("galaxies", "--data", data.toString(), "--box", "100", "--halos", "20", "--radius",
        "30", "--rounds", "1", "--channels", "4", "--epochs", "8", "--no-positions-alone", "--quiet", "--out",
        page.toString());
    assertEquals(0, run(command.toArray(String[]::new)), err.toString());
    assertTrue(Files.exists(page.resolve("report.html")) && Files.exists(page.resolve("model.safetensors")));
    assertTrue(out.toString().contains("--data " + data), out.toString());
    Files.delete(data.resolve("LH_7.csv"));
    assertEquals(1, run(command.toArray(String[]::new)));
    assertTrue(err.toString().contains("[LH_7] without a catalog"), err.toString());
  }

  @Test
  void camelsNeedsAFolderOfSpectra() {
    assertEquals(1, run("camels-pk", "--data", folder.toString(), "--out", folder.resolve("out").toString()));
    assertTrue(err.toString().contains("no spectra"), err.toString());
    assertFalse(Files.exists(folder.resolve("out")), "a folder was made before the data were read");
    assertEquals(2, run("camels-pk", "--data", folder.toString(), "--folds", "1"));
  }
}
