package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
  @Test
  void everyCommandOfThePackageIsFound() {
    List<Class<?>> found = Commands.found();
    assertTrue(found.containsAll(List.of(InfoCommand.class, KarateCommand.class, WeighCommand.class)),
        found.toString());
    CommandLine line = Main.commandLine();
    assertEquals(found.size(), line.getSubcommands().size());
    assertTrue(line.getSubcommands().containsKey("karate"));
  }

  @Test
  void aJarAndAFolderGiveTheSameFiles(@TempDir Path place) throws IOException {
    List<String> files = List.of("BetaCommand.class", "AlphaCommand.class", "AlphaCommand$Inner.class", "Main.class");
    Path folder = Files.createDirectories(place.resolve("classes/org/orrery/cli"));
    Path jar = place.resolve("all.jar");
    try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
      for (String file : files) {
        Files.createFile(folder.resolve(file));
        entries.putNextEntry(new JarEntry("org/orrery/cli/" + file));
        entries.putNextEntry(new JarEntry("org/orrery/elsewhere/" + file));
      }
    }
    List<String> commands = List.of("AlphaCommand.class", "BetaCommand.class");
    assertEquals(commands, Commands.files(place.resolve("classes")));
    assertEquals(commands, Commands.files(jar));
  }
}
