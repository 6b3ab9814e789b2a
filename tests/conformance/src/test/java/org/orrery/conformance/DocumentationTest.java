package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Public types and members of the libraries have a comment. Sources are formatted, so that lines tell enough.
@Tag("architecture")
class DocumentationTest {
  private static final List<String> LIBRARIES = List.of("tensor", "graph", "cosmology", "equivariant",
      "message-passing", "formats", "report", "tests/testkit");
  private static final Pattern PUBLIC = Pattern.compile(" {0,4}(public|protected|default) [^=;]*[({;].*");
  private static final Pattern SKIPPED = Pattern.compile("\\s*(@.*|.*\\}\\)|.*\"\\))");

  @Test
  void publicCodeOfTheLibrariesIsDocumented() throws IOException {
    List<String> bare = new ArrayList<>();
    int seen = 0;
    for (String library : LIBRARIES) {
      try (Stream<Path> files = Files.walk(root().resolve(library).resolve("src/main/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).sorted().toList()) {
          List<String> lines = Files.readAllLines(file);
          seen++;
          undocumented(lines).forEach(line -> bare.add(file.getFileName() + ":" + line));
        }
      }
    }
    assertTrue(seen > 100, "files seen: " + seen);
    assertEquals(List.of(), bare);
  }

  @Test
  void codeWithoutACommentIsFound() {
    List<String> source = List.of("/// A thing.", "public final class Thing {", "  public int bare() {", "  /// Said.",
        "  @Deprecated", "  public int said() {", "  @Override", "  public String toString() {");
    assertEquals(List.of("3"), undocumented(source));
  }

  private static List<String> undocumented(List<String> lines) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (PUBLIC.matcher(lines.get(i)).matches()) {
        int above = i - 1;
        boolean overrides = false;
        while (above >= 0 && SKIPPED.matcher(lines.get(above)).matches()) {
          overrides |= lines.get(above).strip().equals("@Override");
          above--;
        }
        if (!overrides && (above < 0 || !lines.get(above).strip().startsWith("///"))) {
          found.add(Integer.toString(i + 1));
        }
      }
    }
    return found;
  }

  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("eclipse-format.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException("no project around " + Path.of("").toAbsolutePath());
  }
}
