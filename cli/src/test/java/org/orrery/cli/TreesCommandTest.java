package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.trees.TreeModel;
import org.orrery.training.SavedModel;

/// `trees`.
class TreesCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private void refused(int code, String part, String... arguments) {
    assertEquals(code, run(arguments), err.toString());
    assertTrue(err.toString().contains(part), err.toString());
    assertFalse(Files.exists(folder.resolve("out")), "a folder was made before the data was read");
  }

  @Test
  void monteCarloTreesGiveAPageNumbersAndAModel() throws IOException {
    Path made = folder.resolve("out");
    assertEquals(0, run("trees", "--sets", "24", "--trees", "2", "--lightest", "3e11", "--epochs", "2",
        "--model", "sage", "--out", made.toString()), err.toString());
    assertTrue(out.toString().contains("The lightest node alone gives Omega_m"), out.toString());
    assertTrue(Files.readString(made.resolve("report.html")).contains("./orrery trees --model sage"));
    assertTrue(Files.readString(made.resolve("result.json")).contains("\"bestBaseline\""));
    assertEquals("SAGE", SavedModel.read(made.resolve("model.safetensors"), new TreeModel.Format()).network().kind()
        .title());
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnyWork() {
    String made = folder.resolve("out").toString();
    refused(2, "tree network: gpt; one of [tree-lstm, tree-gru, main-branch-lstm, sage, deep-sets] is required",
        "trees",
        "--model", "gpt", "--out", made);
    refused(2, "resolution: fine; fixed or particles is required", "trees", "--resolution", "fine", "--out", made);
    refused(2, "0 seeds", "trees", "--seeds", "0", "--out", made);
    refused(2, "--minutes: -1.0; above 0", "trees", "--minutes", "-1", "--out", made);
  }

  @Test
  void filesThatAreNoTreesAreRefusedByName() throws IOException {
    String made = folder.resolve("out").toString();
    Path other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
    refused(1, "other.csv: it begins with 'a,b'; merger trees", "trees", "--data", other.toString(), "--out", made);
    String head = "node,descendant,redshift,mass_msun_h,np,x_mpc_h,y_mpc_h,z_mpc_h,vx_kms,vy_kms,vz_kms,"
        + "halfmass_radius_mpc_h\n";
    Path missing = Files.writeString(folder.resolve("missing.csv"), head + "1,7,0,1e12,900,1,1,1,0,0,0,0.1\n");
    refused(1, "missing.csv: the descendant of node 1 is 7, which is not there", "trees", "--data", missing.toString(),
        "--out", made);
    Path cycle = Files.writeString(folder.resolve("cycle.csv"),
        head + "1,2,0,1e12,900,1,1,1,0,0,0,0.1\n2,1,1,1e12,900,1,1,1,0,0,0,0.1\n");
    refused(1, "cycle.csv: the nodes 1 -> 2 -> 1 are descendants of themselves", "trees", "--data", cycle.toString(),
        "--out", made);
    Path small = Files.writeString(folder.resolve("small.csv"), head + "1,-1,0,1e12,9,1,1,1,0,0,0,0.1\n");
    refused(1, "no halo of 150 particles or more", "trees", "--data", small.toString(), "--out", made);
  }
}
