package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.orrery.tensor.Shape;

/// What is no whole file is refused with its name, by every reader.
class ReadableFilesTest {
  @TempDir
  private Path folder;

  private static final NumericArray ARRAY = NumericArray.of(Shape.of(2, 3), 0f, 1f, 2f, 3f, 4f, 5f);

  private byte[] sample(String ending) throws IOException {
    Path file = folder.resolve("sample" + ending);
    switch (ending) {
      case ".npy" -> NumPy.write(file, ARRAY);
      case ".npz" -> NumPyArchive.of(Map.of("x", ARRAY)).write(file);
      case ".safetensors" -> SafeTensors.of(Map.of("x", ARRAY), Map.of("op", "Linear")).write(file);
      case ".pt" -> Files.write(file, TorchSamplesTest.resource("objects-legacy.pt"));
      default -> {
        byte[] plain = {0, 0, 8, 1, 0, 0, 0, 2, 7, 8};
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
          gzip.write(plain);
        }
        Files.write(file, ending.endsWith(".gz") ? compressed.toByteArray() : plain);
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    Files.delete(file);
    return bytes;
  }

  private static <T extends IOException> String refused(Class<T> type, Path file) {
    String message = String.valueOf(assertThrows(type, () -> ArrayFile.read(file)).getMessage());
    assertTrue(message.startsWith(file.toString()), message);
    return message.substring(file.toString().length());
  }

  @ParameterizedTest
  @ValueSource(strings = {".npy", ".npz", ".safetensors", ".pt", ".idx", ".idx.gz"})
  void whatIsNoFileOrClosedIsNamed(String ending) throws IOException, InterruptedException {
    Path inner = Files.createDirectory(folder.resolve("folder" + ending));
    assertEquals(": a folder; a file is required", refused(FormatException.class, inner));
    assertEquals(": there is no such file", refused(NoSuchFileException.class, folder.resolve("missing" + ending)));
    Path device = Files.createSymbolicLink(folder.resolve("device" + ending), Path.of("/dev/null"));
    assumeTrue(Files.exists(device), "there is no /dev/null");
    assertEquals(": a pipe or a device; a regular file is required", refused(FormatException.class, device));
    Path closed = Files.write(folder.resolve("closed" + ending), sample(ending));
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    if (Files.isReadable(closed)) { // by the administrator
      ArrayFile.read(closed);
    } else {
      assertEquals(": it may not be read; permission is required", refused(AccessDeniedException.class, closed));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {".npy", ".npz", ".safetensors", ".pt", ".idx", ".idx.gz"})
  void aFileThatEndsTooEarlyIsRefusedWhereverItEnds(String ending) throws IOException {
    byte[] whole = sample(ending);
    Path file = folder.resolve("part" + ending);
    ArrayFile.read(Mutations.overwrite(file, whole));
    for (int length = 0; length < whole.length; length++) {
      Mutations.overwrite(file, Arrays.copyOf(whole, length));
      refused(FormatException.class, file);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 65535})
  void aCommentThatIsLongerThanTheArchiveIsRefused(int length) throws IOException {
    byte[] whole = sample(".npz");
    whole[whole.length - 2] = (byte) length;
    whole[whole.length - 1] = (byte) (length >> 8);
    String message = refused(FormatException.class, Mutations.overwrite(folder.resolve("x.npz"), whole));
    assertEquals(": not a whole zip archive: no record of its end whose comment ends with the file; one that ends in "
        + "its directory is required", message);
  }
}
