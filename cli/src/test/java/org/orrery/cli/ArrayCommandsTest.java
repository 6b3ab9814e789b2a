package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;

class ArrayCommandsTest {
  @TempDir
  private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String command, Path... files) {
    String[] arguments = new String[files.length + 1];
    arguments[0] = command;
    for (int i = 0; i < files.length; i++) {
      arguments[i + 1] = files[i].toString();
    }
    return Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true)).execute(arguments);
  }

  private Path sample() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("layers.0.weight", NumericArray.of(Shape.of(2, 3), 1f, 2f, 3f, 4f, 5f, 6f));
    arrays.put("step\u001b[2J", NumericArray.of(Shape.of(), 7L));
    SafeTensors.of(arrays, Map.of("op", "Linear")).write(file);
    return file;
  }

  @Test
  void inspectPrintsNamesTypesShapesAndMetadata() throws IOException {
    Path file = sample();
    assertEquals(0, run("inspect", file), err.toString());
    assertEquals(file + ": safetensors, 2 tensors, 7 numbers\n"
        + "step?[2J         I64   []\n"
        + "layers.0.weight  F32   [2, 3]\n"
        + "metadata\n"
        + "op  Linear\n", out.toString().replace(System.lineSeparator(), "\n"));
  }

  /// A complex tensor in the format of the file, which is written by hand.
  private Path withComplexNumbers() throws IOException {
    byte[] header = ("{\"w\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]},"
        + "\"x\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[8,10]}}").getBytes(StandardCharsets.UTF_8);
    return Files.write(folder.resolve("complex.safetensors"), ByteBuffer.allocate(8 + header.length + 10)
        .order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).array());
  }

  @Test
  void inspectAndConvertNameWhatIsNotRead() throws IOException {
    Path file = withComplexNumbers();
    assertEquals(0, run("inspect", file), err.toString());
    assertEquals(file + ": safetensors, 1 tensors, 2 numbers\n"
        + "x  U8    [2]\n"
        + "skipped, not read\n"
        + "w  C64 [1]\n", out.toString().replace(System.lineSeparator(), "\n"));
    assertEquals(0, run("convert", file, folder.resolve("model.npz")), err.toString());
    assertTrue(err.toString().contains("complex.safetensors holds what is not read; w is left out"), err.toString());
  }

  @Test
  void inspectNamesTheEndingsItKnows() throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), "1,2");
    assertEquals(1, run("inspect", file));
    assertTrue(err.toString().startsWith("orrery: " + file + ": the name of a file of arrays ends in one of [.pt, "),
        err.toString());
  }

  @Test
  void convertKeepsEveryNumberAndSaysWhatItLeavesOut() throws IOException {
    Path file = sample();
    Path numpy = folder.resolve("model.npz");
    Path back = folder.resolve("back.safetensors");
    assertEquals(0, run("convert", file, numpy), err.toString());
    assertTrue(err.toString().contains("model.npz holds no metadata; op is left out"), err.toString());
    assertEquals(0, run("convert", numpy, back), err.toString());
    assertEquals(SafeTensors.read(file).arrays(), SafeTensors.read(back).arrays());
  }

  @Test
  void convertRefusesTheFileItselfAndFormatsThatAreOnlyRead() throws IOException {
    Path file = sample();
    byte[] before = Files.readAllBytes(file);
    Path link = Files.createSymbolicLink(folder.resolve("link.safetensors"), file);
    assertEquals(1, run("convert", file, link));
    assertTrue(err.toString().contains("link.safetensors are one file; two are required"), err.toString());
    assertEquals(1, run("convert", file, folder.resolve("model.pt")));
    assertTrue(err.toString().contains("model.pt: PyTorch checkpoint is only read; .safetensors, "), err.toString());
    assertEquals(1, run("convert", file, folder.resolve("model.npy")));
    assertTrue(err.toString().contains("model.npy: 2 arrays; one is required in .npy"), err.toString());
    assertEquals(1, run("convert", file, folder.resolve("model")));
    assertTrue(err.toString().contains("model: the name of a file of arrays ends in one of "), err.toString());
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}
