package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Shape;

/// Checkpoints that PyTorch itself wrote: `samples.py` among the resources has the lines.
class TorchSamplesTest {
  @TempDir
  private Path folder;

  static byte[] resource(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(TorchSamplesTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    }
  }

  private PyTorchFile read(String name) throws IOException {
    return PyTorchFile.read(Mutations.overwrite(folder.resolve(name), resource(name)));
  }

  private static Map<String, NumericArray> arrays() {
    Shape two = Shape.of(2);
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("weight", NumericArray.of(Shape.of(2, 3), 0f, 1f, 2f, 3f, 4f, 5f));
    arrays.put("transposed", NumericArray.of(Shape.of(3, 2), 0f, 3f, 1f, 4f, 2f, 5f));
    arrays.put("parameter", NumericArray.of(two, 0.5, 0.5));
    arrays.put("expanded", NumericArray.of(ElementType.I16, Shape.of(2, 3), 0, 1, 2, 0, 1, 2));
    arrays.put("windows", NumericArray.of(ElementType.U8, Shape.of(2, 3), 0, 1, 2, 1, 2, 3));
    arrays.put("marked", NumericArray.of(two, 0f, 1f));
    arrays.put("u16", NumericArray.of(ElementType.U16, two, 1, 65535));
    arrays.put("u32", NumericArray.wrap(ElementType.U32, two, new int[] {1, -1}));
    arrays.put("u64", NumericArray.wrap(ElementType.U64, two, new long[] {1, Long.MIN_VALUE + (1L << 40)}));
    arrays.put("half", NumericArray.of(ElementType.F16, Shape.of(1), 1.5f));
    arrays.put("brain", NumericArray.of(ElementType.BF16, Shape.of(1), 1.5f));
    arrays.put("none", NumericArray.of(Shape.of(0, 4), new float[0]));
    return arrays;
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects.pt", "objects-legacy.pt"})
  void bothFormatsAreReadAndOtherObjectsAreNamed(String name) throws IOException {
    PyTorchFile file = read(name);
    assertEquals(arrays(), file.arrays());
    assertEquals(Map.of("epoch", "7", "seed", "1180591620717411303424"), file.metadata());
    Map<String, String> skipped = new LinkedHashMap<>();
    skipped.put("args", "argparse.Namespace");
    skipped.put("scalar", "numpy._core.multiarray.scalar");
    skipped.put("array", "numpy._core.multiarray._reconstruct");
    skipped.put("counts", "collections.defaultdict");
    skipped.put("subclass", "net.StateDict");
    skipped.put("device", "torch.device");
    skipped.put("type", "the class torch.float32");
    skipped.put("function", "the class torch.nn.functional.relu");
    skipped.put("set", "__builtin__.set");
    skipped.put("complex", "a tensor of torch.ComplexFloatStorage");
    skipped.put("sparse", "torch._utils._rebuild_sparse_tensor");
    skipped.put("quantized", "torch._utils._rebuild_qtensor");
    assertEquals(skipped, file.skipped());
  }

  @Test
  void aTensorWithTheNegBitIsRefusedByName() {
    String message = String.valueOf(assertThrows(FormatException.class, () -> read("negative.pt")).getMessage());
    assertTrue(message.contains(": tensor turned: its neg bit is set, "), message);
  }

  /// All 256 numbers of each kind, with the floats that PyTorch makes of them.
  @Test
  void numbersOfEightBitsAreThoseOfPyTorch() throws IOException {
    PyTorchFile file = read("float8.pt");
    for (String kind : new String[] {"float8_e4m3fn", "float8_e5m2"}) {
      assertArrayEquals(file.array("float." + kind).floats(), file.array("small." + kind).floats(), kind);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"objects.pt", "objects-legacy.pt"})
  void aTruncatedFileIsRefusedWhereverItEnds(String name) throws IOException {
    byte[] whole = resource(name);
    Path file = folder.resolve("part.pt");
    for (int length = 0; length < whole.length; length++) {
      Mutations.overwrite(file, Arrays.copyOf(whole, length));
      String message = String.valueOf(assertThrows(FormatException.class, () -> PyTorchFile.read(file),
          "the first " + length + " bytes").getMessage());
      assertTrue(message.startsWith(file + ": ") || message.startsWith(file + " byte "), message);
    }
    Mutations.overwrite(file, Arrays.copyOf(whole, whole.length + 1));
    assertThrows(FormatException.class, () -> PyTorchFile.read(file), "a byte more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"OU_66_Weights", "OU_VIS_Weights"})
  void thePublishedLensFindersAreReadInTheFormatBeforePyTorchSixteen(String name) throws IOException {
    Path file = Mutations.shared("lens-cnn/" + name + ".pt");
    assumeTrue(file != null, "there is no shared/data/lens-cnn above the module");
    Path old = Objects.requireNonNull(file);
    assertEquals(SafeTensors.read(old.resolveSibling(name + ".safetensors")).arrays(), PyTorchFile.read(old).arrays());
  }
}
