package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir
  private Path folder;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatALinkPointsToIsWrittenEvenIfItIsNotThereYet() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("target.csv"));
    WholeFile.write(link, out -> out.write(bytes("new")));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(folder.resolve("target.csv")));
    Path circle = Files.createSymbolicLink(folder.resolve("circle"), Path.of("circle"));
    Exception round = assertThrows(IOException.class, () -> WholeFile.requireWritable(circle));
    assertTrue(round.toString().contains("links follow each other"), round.toString());
  }

  @Test
  void aMissingFolderIsNamed() {
    Path file = folder.resolve("absent").resolve("a.csv");
    Exception none = assertThrows(IOException.class, () -> WholeFile.write(file, out -> out.write(1)));
    assertTrue(none.toString().contains("there is no folder " + file.getParent()), none.toString());
  }

  @Test
  void theNewContentReplacesTheOld() throws IOException {
    Path file = folder.resolve("history.csv");
    WholeFile.write(file, out -> out.write(bytes("old")));
    assertEquals("old", Files.readString(file));
    WholeFile.write(file, out -> {
      out.write(bytes("new and longer"));
      out.close(); // which writers like to do
    });
    assertEquals("new and longer", Files.readString(file));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void theOldContentIsThereUntilTheNewOneIsWhole() throws IOException {
    Path file = folder.resolve("history.csv");
    Files.writeString(file, "old");
    WholeFile.write(file, out -> {
      out.write(new byte[1 << 20]);
      out.flush();
      assertEquals("old", Files.readString(file));
      assertEquals(2, names().size());
    });
    assertEquals(1 << 20, Files.size(file));
  }

  @Test
  void afterAFailureTheOldFileIsWholeAndNothingElseIsLeft() throws IOException {
    Path file = folder.resolve("history.csv");
    Files.writeString(file, "old");
    IOException full = new IOException("No space left on device");
    assertSame(full, assertThrows(IOException.class, () -> WholeFile.write(file, out -> {
      out.write(new byte[1 << 20]);
      throw full;
    })));
    assertThrows(UncheckedIOException.class, () -> WholeFile.write(file, out -> {
      throw new UncheckedIOException(full);
    }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void aFailedFirstWriteLeavesNothing() throws IOException {
    assertThrows(IOException.class, () -> WholeFile.write(folder.resolve("new"), out -> {
      throw new IOException("No space left on device");
    }));
    assertEquals(List.of(), names());
  }

  @Test
  void twoWritersDoNotMeet() throws IOException {
    Path file = folder.resolve("history.csv");
    WholeFile.write(file, outer -> {
      WholeFile.write(file, inner -> inner.write(bytes("inner")));
      assertEquals("inner", Files.readString(file));
      outer.write(bytes("outer"));
    });
    assertEquals("outer", Files.readString(file));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void manyWritersAllSucceed() throws IOException {
    Path file = folder.resolve("history.csv");
    IntStream.range(0, 400).parallel().forEach(writer -> {
      try {
        WholeFile.write(file, out -> out.write(bytes("writer")));
      } catch (IOException failure) {
        throw new UncheckedIOException("writer " + writer, failure);
      }
    });
    assertEquals("writer", Files.readString(file));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void whatIsNoFileIsNotReplaced() throws IOException {
    Path inner = Files.createDirectory(folder.resolve("runs"));
    assertEquals(inner + " is not a regular file and cannot be replaced",
        assertThrows(IOException.class, () -> WholeFile.write(inner, out -> out.write(1))).getMessage());
    assertThrows(IOException.class,
        () -> WholeFile.write(folder.resolve("missing").resolve("file"), out -> out.write(1)));
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path file = Files.writeString(folder.resolve("epoch-7"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("latest"), file.getFileName());
    WholeFile.write(link, out -> out.write(bytes("new")));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
  }
}
