package org.orrery.formats;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Data that the project does not contain: the folder `shared/data` beside or above the checkout.
final class SharedFolder {
  private SharedFolder() {
  }

  /// A file of it; without it the test is skipped.
  static Path file(String name) {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path found = folder.resolve("shared").resolve("data").resolve(name);
      if (Files.exists(found)) {
        return found;
      }
    }
    return Assumptions.abort("shared/data/" + name + " is not here");
  }
}
