package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A source file can be read in one go.
@Tag("architecture")
class FileLengthTest {
  private static final int MOST_LINES = 700;

  @Test
  void noSourceFileIsLongerThan700Lines() throws IOException {
    List<Path> sources = sources(DocumentationTest.root());
    assertTrue(sources.size() > 300, "files seen: " + sources.size());
    assertEquals(List.of(), tooLong(sources));
  }

  @Test
  void aFileOfOneLineMoreIsFound(@TempDir Path folder) throws IOException {
    Path main = Files.createDirectories(folder.resolve("module/src/main/java"));
    Files.writeString(main.resolve("Fits.java"), "\n".repeat(MOST_LINES));
    Files.writeString(main.resolve("Longer.java"), "\n".repeat(MOST_LINES + 1));
    assertEquals(List.of("Longer.java: 701 lines"), tooLong(sources(folder)));
  }

  /// The source files under each `src/main`, what the build writes left out.
  private static List<Path> sources(Path root) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        boolean isBuilt = folder.endsWith("target") || folder.endsWith(".git");
        return isBuilt ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        String path = root.relativize(file).toString().replace('\\', '/');
        if (path.contains("src/main/") && path.matches(".*\\.(java|cl)")) {
          found.add(file);
        }
        return FileVisitResult.CONTINUE;
      }
    });
    return found;
  }

  private static List<String> tooLong(List<Path> sources) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources) {
      int lines = Files.readAllLines(source).size();
      if (lines > MOST_LINES) {
        found.add(source.getFileName() + ": " + lines + " lines");
      }
    }
    return found;
  }
}
