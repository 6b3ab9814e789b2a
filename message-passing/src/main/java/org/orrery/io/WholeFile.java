package org.orrery.io;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// Writing a file so that a reader finds the old content or the new one, and never a part: the content goes to a file
/// beside it, is forced to the disk, and takes the name in one step.
public final class WholeFile {
  /// What goes into a file.
  @FunctionalInterface
  public interface Content {
    /// Writes all of it; closing the stream is allowed and not needed.
    ///
    /// @param out where it goes
    /// @throws IOException where that fails
    void writeTo(OutputStream out) throws IOException;
  }

  private static final int MOST_LINKS = 40;

  private WholeFile() {
  }

  /// Writes or replaces a file. Where a link has that name, what it points to is replaced.
  ///
  /// @param file the name; its folder must exist
  /// @param content called once
  /// @throws IOException where content or disk fail, or where the name is that of something other than a file. The old
  ///     file is untouched then, and nothing else is left in the folder; so too when `content` throws anything else
  public static void write(Path file, Content content) throws IOException {
    Path target = requireWritable(file);
    Path beside = createBeside(target);
    boolean moved = false;
    try {
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        OutputStream buffered = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
        content.writeTo(new FlushedOnClose(buffered));
        buffered.flush();
        channel.force(true);
      }
      Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (!moved) { // after the move the name may be another writer's
        Files.deleteIfExists(beside);
      }
    }
    forceFolder(target);
  }

  /// Checks before any work whether a file can be written under this name.
  ///
  /// @return what would be written: where a link has that name, what it points to
  /// @throws IOException where the name is that of something other than a file, or its folder is missing or closed
  public static Path requireWritable(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MOST_LINKS) {
        throw new IOException(file + ": more than " + MOST_LINKS + " links follow each other");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target)).toAbsolutePath();
    }
    if (Files.exists(target) && !Files.isRegularFile(target)) {
      throw new IOException(file + " is not a regular file and cannot be replaced");
    }
    Path folder = target.normalize().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": there is no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw new IOException(file + ": the folder " + folder + " cannot be written to");
    }
    return target;
  }

  /// Checks before any work whether there is a file of this name that can be read.
  ///
  /// @return the name
  /// @throws FormatException where it is that of a folder, a pipe or a device
  /// @throws IOException where there is no such file, or it is closed to readers
  public static Path requireReadable(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new FormatException(file + ": a folder; a file is required");
    }
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new FormatException(file + ": a pipe or a device; a regular file is required");
    }
    if (!Files.isReadable(file)) {
      throw new AccessDeniedException(file.toString(), null, "it may not be read; permission is required");
    }
    return file;
  }

  /// A new empty file in the same folder, with the permissions that the user's files have.
  private static Path createBeside(Path target) throws IOException {
    for (int attempt = 0;; attempt++) {
      Path beside = target.resolveSibling(
          ".orrery-" + ProcessHandle.current().pid() + "-" + attempt + ".part");
      try {
        return Files.createFile(beside);
      } catch (FileAlreadyExistsException taken) {
        // by another thread, or left by a process that was killed: the next name
      }
    }
  }

  /// Makes the new name outlast a power cut, where the system lets folders be opened; the file is whole in any case.
  private static void forceFolder(Path target) {
    try (FileChannel folder = FileChannel.open(target.resolveSibling("."), StandardOpenOption.READ)) {
      folder.force(true);
    } catch (IOException notPossibleHere) {
      // as on Windows
    }
  }

  private static final class FlushedOnClose extends FilterOutputStream {
    private FlushedOnClose(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
