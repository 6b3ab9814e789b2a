package org.orrery.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
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

  /// Holds the lock of a writer until its input ends.
  static final class Writer {
    public static void main(String[] arguments) throws IOException {
      try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
        channel.lock(Long.MAX_VALUE - 1, 1, false);
        System.out.println("locked");
        System.in.read();
      }
    }
  }

  private static Process java(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static long processThatIsGone() throws IOException, InterruptedException {
    Process process = java("--version");
    process.getInputStream().readAllBytes();
    process.waitFor();
    return process.pid();
  }

  @Test
  void whatAKilledWriterLeftIsRemovedByTheNextAndOtherFilesStay() throws IOException, InterruptedException {
    long gone = processThatIsGone();
    long parent = ProcessHandle.current().parent().orElseThrow().pid();
    List<String> others = List.of(".orrery-" + parent + "-0.part", ".orrery-" + gone + ".part",
        ".orrery-" + gone + "-0.part.csv", "orrery-" + gone + "-0.part");
    for (String name : others) {
      Files.writeString(folder.resolve(name), "other");
    }
    Files.writeString(folder.resolve(".orrery-" + gone + "-0.part"), "half");
    Files.writeString(folder.resolve(".orrery-" + gone + "-12.part"), "half");
    WholeFile.write(folder.resolve("history.csv"), out -> out.write(bytes("new")));
    List<String> expected = new ArrayList<>(others);
    expected.add("history.csv");
    assertEquals(expected.stream().sorted().toList(), names());
  }

  @Test
  void whatAWriterOnAnotherMachineHasLockedStays() throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve(".orrery-" + processThatIsGone() + "-0.part"), "half");
    Process writer = java("-cp", System.getProperty("java.class.path"), Writer.class.getName(), file.toString());
    try (OutputStream input = writer.getOutputStream()) {
      assertEquals('l', writer.getInputStream().read());
      WholeFile.write(folder.resolve("history.csv"), out -> out.write(bytes("new")));
      assertTrue(Files.exists(file), "the file of a writer that lives");
      input.write('\n');
    }
    assertEquals(0, writer.waitFor());
    WholeFile.write(folder.resolve("history.csv"), out -> out.write(bytes("new")));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void aFullDiskIsNamedAndTheOldFileIsWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("run.safetensors"), "old");
    UnaryOperator<OutputStream> full = disk -> new FilterOutputStream(disk) {
      private int left = 100_000;

      @Override
      public void write(byte[] bytes, int from, int count) throws IOException {
        left -= count;
        if (left < 0) {
          throw new IOException("No space left on device");
        }
        out.write(bytes, from, count);
      }
    };
    Exception lost = assertThrows(IOException.class,
        () -> WholeFile.write(file, out -> out.write(new byte[1 << 20]), full));
    assertEquals(file + ": it could not be written: No space left on device; the old file is whole", lost.getMessage());
    assertEquals("old", Files.readString(file));
    for (WholeFile.Content swallowing : List.<WholeFile.Content>of(WholeFileTest::writeQuietly,
        out -> assertThrows(IOException.class, () -> out.write(new byte[1 << 20])))) {
      assertEquals(lost.getMessage(),
          assertThrows(IOException.class, () -> WholeFile.write(file, swallowing, full)).getMessage());
    }
    Path fresh = folder.resolve("fresh");
    Exception none = assertThrows(IOException.class,
        () -> WholeFile.write(fresh, out -> out.write(new byte[1 << 20]), full));
    assertEquals(fresh + ": it could not be written: No space left on device; no file of that name was made",
        none.getMessage());
    assertEquals(List.of("run.safetensors"), names());
  }

  private static void writeQuietly(OutputStream out) {
    try {
      out.write(new byte[1 << 20]);
    } catch (IOException failed) {
      throw new UncheckedIOException("I/O error writing PNG file!", failed);
    }
  }

  @Test
  void aDiskThatIsReallyFullIsNamedToo() throws IOException, InterruptedException {
    Path small = Files.createDirectory(folder.resolve("small"));
    Assumptions.assumeTrue(mount("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()),
        "no right to mount a small disk");
    try {
      Path file = small.resolve("run.safetensors");
      WholeFile.write(file, out -> out.write(bytes("old")));
      Exception lost = assertThrows(IOException.class,
          () -> WholeFile.write(file, out -> out.write(new byte[1 << 20])));
      assertEquals(file + ": it could not be written: No space left on device; the old file is whole",
          lost.getMessage());
      assertEquals("old", Files.readString(file));
      try (Stream<Path> files = Files.list(small)) {
        assertEquals(List.of(file), files.toList());
      }
    } finally {
      assertTrue(mount("umount", small.toString()));
    }
  }

  private static boolean mount(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  @Test
  void anInterruptSaysWhichFileAndThatTheOldOneIsWhole() throws IOException {
    Path file = Files.writeString(folder.resolve("history.csv"), "old");
    Exception interrupted = assertThrows(IOException.class, () -> WholeFile.write(file, out -> {
      Thread.currentThread().interrupt();
      out.write(new byte[1 << 20]);
    }));
    assertTrue(Thread.interrupted(), "the thread is still interrupted");
    assertEquals(file + ": the thread was interrupted while it was written; the old file is whole",
        interrupted.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("history.csv"), names());
  }

  @Test
  void aFolderThatTakesNoFilesIsNoticedBeforeAnyWork() {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no folder that refuses even root");
    Exception closed = assertThrows(IOException.class, () -> WholeFile.requireWritable(Path.of("/proc/history.csv")));
    assertTrue(String.valueOf(closed.getMessage())
        .startsWith("/proc/history.csv: the folder /proc cannot be written to"), closed.toString());
  }

  @Test
  void theCheckLeavesNothing() throws IOException {
    assertEquals(folder.resolve("history.csv"), WholeFile.requireWritable(folder.resolve("history.csv")));
    assertEquals(List.of(), names());
  }
}
