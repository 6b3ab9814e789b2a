package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `galaxies`.
class GalaxiesCommandTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  @Test
  void aSmallStudyWritesPageNumbersAndModelAndHowToMakeThemAgain() throws IOException, NoSuchAlgorithmException {
    Path made = folder.resolve("made");
    assertEquals(0, run("galaxies", "--simulations", "40", "--side", "100", "--cells", "16", "--halos", "20",
        "--radius", "30", "--epochs", "4", "--channels", "4", "--test", "12", "--no-positions-alone", "--quiet",
        "--out",
        made.toString()), err.toString());
    String numbers = Files.readString(made.resolve("result.json"));
    assertTrue(numbers.contains("./orrery galaxies --simulations 40 --side 100.0 --cells 16 --halos 20 --test 12"),
        out.toString());
    assertFalse(numbers.contains("network-positions"), "positions alone were trained");
    String model = HexFormat.of().formatHex(
        MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(made.resolve("model.safetensors"))));
    assertTrue(numbers.contains(model), "no hash " + model);
    assertTrue(Files.readString(made.resolve("report.html")).contains(model));
  }

  @Test
  void wrongOptionsAreRefusedBeforeAnyWork() {
    refused("--simulations cannot be combined", "--minutes", "5", "--simulations", "300");
    refused("budget: -1.0 minutes; a positive number is required", "--minutes", "-1");
    refused("0 seeds; at least 1 is required", "--seeds", "0");
    refused("feature 'speed'", "--features", "speed");
  }

  private void refused(String part, String... options) {
    Path made = folder.resolve("none");
    String[] arguments = new String[options.length + 3];
    arguments[0] = "galaxies";
    arguments[1] = "--out";
    arguments[2] = made.toString();
    System.arraycopy(options, 0, arguments, 3, options.length);
    assertEquals(2, run(arguments), err.toString());
    assertTrue(err.toString().contains(part), err.toString());
    assertFalse(Files.exists(made), "a folder was made");
  }
}
