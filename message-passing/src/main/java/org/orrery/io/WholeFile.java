package org.orrery.io;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Writing a file so that a reader finds the old content or the new one, and never a part: the content goes to a file
/// beside it, is forced to the disk, and takes the name in one step.
///
/// The file beside is called `.orrery-PROCESS-N.part`. One that a killed process left is removed by the next writer in
/// that folder; one whose writer lives, here or on another machine that shares the folder, is left alone.
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
  private static final String PREFIX = ".orrery-";
  private static final String SUFFIX = ".part";
  private static final Pattern BESIDE = Pattern.compile("\\.orrery-([0-9]{1,18})-[0-9]+\\.part");
  private static final long LOCKED = Long.MAX_VALUE - 1; // a byte that no file has: the lock bars no reader

  private WholeFile() {
  }

  /// Writes or replaces a file. Where a link has that name, what it points to is replaced.
  ///
  /// @param file the name; its folder must exist
  /// @param content called once
  /// @throws IOException where content or disk fail, where the thread is interrupted, or where the name is that of
  ///     something other than a file. The old file is untouched then, and nothing else is left in the folder; so too when
  ///     `content` throws anything else
  public static void write(Path file, Content content) throws IOException {
    write(file, content, disk -> disk);
  }

  /// The same over a disk that may fail.
  static void write(Path file, Content content, UnaryOperator<OutputStream> disk) throws IOException {
    Path target = target(file);
    removeLeftovers(folderOf(target));
    try (Beside beside = beside(file, target)) {
      fill(new Named(file, disk.apply(Channels.newOutputStream(beside.channel))), content);
      try {
        beside.channel.force(true);
        Files.move(beside.path, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException failed) {
        throw failure(file, failed);
      }
      beside.moved = true; // after the move the name may be another writer's
    }
    forceFolder(target);
  }

  /// What the disk said goes before what a writer of pictures or tables makes of it, which may be nothing.
  private static void fill(Named disk, Content content) throws IOException {
    try {
      ToDisk out = new ToDisk(disk);
      content.writeTo(out);
      out.flush();
    } catch (IOException | RuntimeException lost) {
      disk.check();
      throw lost;
    }
    disk.check();
  }

  private static Beside beside(Path file, Path target) throws IOException {
    try {
      return Beside.create(target);
    } catch (IOException failed) {
      throw failure(file, failed);
    }
  }

  /// Checks before any work whether a file can be written under this name: for a moment there is an empty file beside it.
  ///
  /// @return what would be written: where a link has that name, what it points to
  /// @throws IOException where the name is that of something other than a file, or its folder is missing or closed
  public static Path requireWritable(Path file) throws IOException {
    Path target = target(file);
    try {
      Beside.create(target).close();
      return target;
    } catch (ClosedByInterruptException interrupted) {
      throw failure(file, interrupted);
    } catch (IOException closed) {
      throw new IOException(file + ": the folder " + folderOf(target) + " cannot be written to: " + reason(closed),
          closed);
    }
  }

  private static Path target(Path file) throws IOException {
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

  private static Path folderOf(Path target) {
    return target.resolveSibling(".").normalize();
  }

  /// What failed while a file was written, and what is under its name now.
  private static IOException failure(Path file, IOException failed) {
    String what = failed instanceof ClosedByInterruptException
        ? "the thread was interrupted while it was written"
        : "it could not be written: " + reason(failed);
    return new IOException(file + ": " + what
        + (Files.exists(file) ? "; the old file is whole" : "; no file of that name was made"), failed);
  }

  private static String reason(IOException failed) {
    String said = failed instanceof FileSystemException of ? of.getReason() : failed.getMessage();
    return said == null || said.isBlank() ? failed.getClass().getSimpleName() : said;
  }

  /// Removes what killed writers left in a folder. The file that is to be written does not depend on it, so that a folder
  /// which may not be read, or a leftover of another user, is no failure.
  private static void removeLeftovers(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found = files.filter(file -> writer(file).filter(WholeFile::isGone).isPresent()).toList();
      for (Path file : found) {
        removeUnlocked(file);
      }
    } catch (IOException | UncheckedIOException unreadable) {
      // the next writer may
    }
  }

  private static Optional<Long> writer(Path file) {
    Matcher name = BESIDE.matcher(String.valueOf(file.getFileName()));
    return name.matches() ? Optional.of(Long.valueOf(name.group(1))) : Optional.empty();
  }

  private static boolean isGone(long process) {
    return process != ProcessHandle.current().pid()
        && ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
  }

  /// A writer on another machine, or in another container, is not among the processes here, but has the file locked.
  private static void removeUnlocked(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (lock(channel) != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException notOurs) {
      // removed by another writer, or of another user
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED, 1, false);
    } catch (OverlappingFileLockException ours) {
      return null;
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

  /// A new empty file in the same folder, with the permissions that the user's files have. It goes unless it was moved.
  private static final class Beside implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private boolean moved;

    private Beside(Path path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    static Beside create(Path target) throws IOException {
      for (int attempt = 0;; attempt++) {
        Path path = target.resolveSibling(PREFIX + ProcessHandle.current().pid() + "-" + attempt + SUFFIX);
        FileChannel channel;
        try {
          channel = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException taken) {
          continue; // by another thread, or left by a process that was killed: the next name
        }
        Beside beside = new Beside(path, channel);
        if (beside.isOurs()) {
          return beside;
        }
        channel.close(); // another machine took it for a leftover before it was locked
      }
    }

    private boolean isOurs() throws IOException {
      try {
        return lock(channel) != null && Files.exists(path);
      } catch (ClosedByInterruptException interrupted) {
        close();
        throw interrupted;
      } catch (IOException noLocks) {
        return true; // the file system has none; then no other removes it either
      }
    }

    @Override
    public void close() throws IOException {
      try {
        channel.close();
      } finally {
        if (!moved) {
          Files.deleteIfExists(path);
        }
      }
    }
  }

  /// Buffers, and stays open until all is written.
  private static final class ToDisk extends FilterOutputStream {
    private ToDisk(Named disk) {
      super(new BufferedOutputStream(disk, 1 << 16));
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

  /// Says which file it was where the disk fails.
  private static final class Named extends OutputStream {
    private final Path file;
    private final OutputStream disk;
    private @Nullable IOException failure;

    private Named(Path file, OutputStream disk) {
      this.file = file;
      this.disk = disk;
    }

    private void check() throws IOException {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      try {
        disk.write(bytes, from, count);
      } catch (IOException failed) {
        IOException named = failure(file, failed);
        failure = named;
        throw named;
      }
    }
  }
}
