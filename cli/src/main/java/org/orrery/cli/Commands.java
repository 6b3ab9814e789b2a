package org.orrery.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// The commands of this package, found where its classes are: in the jar or in a folder of classes.
final class Commands {
  private static final String FOLDER = Commands.class.getPackageName().replace('.', '/') + "/";
  private static final String ENDING = "Command.class";

  private Commands() {
  }

  /// The classes `...Command` with the annotation [Command], by name.
  ///
  /// @throws IllegalStateException where such a class has no annotation
  static List<Class<?>> found() {
    try {
      Path place = Path.of(Commands.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return files(place).stream().<Class<?>>map(Commands::load).toList();
    } catch (IOException | URISyntaxException unreadable) {
      throw new IllegalStateException("orrery: the commands cannot be found: " + unreadable.getMessage(), unreadable);
    }
  }

  /// The files of commands in a jar or a folder of classes, by name.
  static List<String> files(Path place) throws IOException {
    if (Files.isDirectory(place)) {
      try (Stream<Path> files = Files.list(place.resolve(FOLDER))) {
        return commands(files.map(file -> file.getFileName().toString()));
      }
    }
    try (JarFile jar = new JarFile(place.toFile())) {
      return commands(jar.stream().map(JarEntry::getName).filter(name -> name.startsWith(FOLDER))
          .map(name -> name.substring(FOLDER.length())));
    }
  }

  private static List<String> commands(Stream<String> files) {
    return files.filter(name -> name.endsWith(ENDING) && !name.contains("$")).sorted().toList();
  }

  private static Class<?> load(String file) {
    String name = Commands.class.getPackageName() + "." + file.substring(0, file.length() - ".class".length());
    try {
      Class<?> type = Class.forName(name);
      if (!type.isAnnotationPresent(Command.class)) {
        throw new IllegalStateException(name + " is called a command and has no @Command");
      }
      return type;
    } catch (ClassNotFoundException missing) {
      throw new IllegalStateException(name + " is in the folder of the commands and cannot be loaded", missing);
    }
  }
}
