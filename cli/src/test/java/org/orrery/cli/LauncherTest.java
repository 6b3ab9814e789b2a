package org.orrery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `./orrery` in a checkout of its own, whose jar says what it was started with.
class LauncherTest {
  private static final String JAR = "cli/target/orrery-cli-0.1.0-SNAPSHOT-all.jar";
  private static final String MAIN = """
      package org.orrery.cli;
      public class Main {
        public static void main(String[] arguments) throws java.io.IOException {
          System.out.println("process " + ProcessHandle.current().pid());
          for (String argument : arguments) {
            System.out.println(argument.length() + " characters, a file: " + java.nio.file.Files.exists(
                java.nio.file.Path.of(argument)));
          }
          System.out.flush();
          if (arguments.length > 0 && arguments[0].equals("wait")) {
            System.in.read();
          }
        }
      }
      """;

  @TempDir
  private static Path checkout;
  @TempDir
  private Path folder;

  @BeforeAll
  static void makeCheckout() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
    Files.copy(Path.of("..", "orrery"), checkout.resolve("orrery"));
    assertTrue(checkout.resolve("orrery").toFile().setExecutable(true));
    Path classes = Files.createDirectories(checkout.resolve("classes"));
    compile(classes, "org/orrery/cli/Main.java", MAIN);
    Path jar = checkout.resolve(JAR);
    Files.createDirectories(jar.getParent());
    try (OutputStream out = Files.newOutputStream(jar); JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("org/orrery/cli/Main.class"));
      Files.copy(classes.resolve("org/orrery/cli/Main.class"), entries);
    }
  }

  private static void compile(Path classes, String name, String source) throws IOException {
    Path file = classes.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, source);
    assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", classes.toString(),
        file.toString()));
  }

  private static ProcessBuilder launcher(Path in, Map<String, String> environment, String... command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
    builder.environment().put("ORRERY_JAVA_HOME", System.getProperty("java.home"));
    environment.forEach((name, value) -> {
      if (value.isEmpty()) {
        builder.environment().remove(name);
      } else {
        builder.environment().put(name, value);
      }
    });
    return builder;
  }

  private static String said(int code, ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(code, process.waitFor(), said);
    return said;
  }

  private static String launcher() {
    return checkout.resolve("orrery").toString();
  }

  @Test
  void aLinkToItIsFollowed() throws IOException, InterruptedException {
    Path absolute = Files.createSymbolicLink(folder.resolve("absolute"), checkout.resolve("orrery"));
    Path deep = Files.createDirectories(folder.resolve("bin/deep"));
    Files.createSymbolicLink(deep.resolve("link"), Path.of("../../absolute"));
    Files.createSymbolicLink(folder.resolve("relative"), Path.of("bin/deep/link"));
    for (String link : List.of(absolute.toString(), "./relative", "bin/deep/link", "./bin/deep/../../relative")) {
      String said = said(0, launcher(folder, Map.of("CDPATH", folder.toString()), link, "--scalar", "info"));
      assertTrue(said.startsWith("process "), said);
    }
    Map<String, String> onPath = Map.of("PATH", folder + ":" + System.getenv("PATH"));
    String said = said(0, launcher(checkout, onPath, "/bin/bash", "-c", "relative --scalar info"));
    assertTrue(said.startsWith("process "), said);
  }

  /// With no more than the programs that it needs on the path, so that it looks for a JDK in every place.
  @Test
  void noHomeIsNeeded() throws IOException, InterruptedException {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String program : List.of("bash", "dirname", "readlink", "find", "head", "locale", "grep")) {
      Path found = Stream.of("/bin", "/usr/bin").map(place -> Path.of(place, program)).filter(Files::isExecutable)
          .findFirst().orElse(null);
      if (found != null) {
        Files.createSymbolicLink(bin.resolve(program), found);
      }
    }
    Path candidates = Files.createDirectories(folder.resolve("sdkman/candidates/java"));
    Files.createSymbolicLink(candidates.resolve("present"), Path.of(System.getProperty("java.home")));
    Map<String, String> bare = Map.of("HOME", "", "JAVA_HOME", "", "ORRERY_JAVA_HOME", "", "PATH", bin.toString(),
        "SDKMAN_DIR", folder.resolve("sdkman").toString());
    String said = said(0, launcher(checkout, bare, "/bin/bash", "./orrery", "--scalar", "info"));
    assertTrue(said.startsWith("process "), said);
  }

  /// The names come from bash, so that they do not depend on the locale of this test.
  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL=C", "LC_ALL=POSIX", "LC_ALL= LC_CTYPE=C", "LC_ALL= LANG=xx_YY.UTF-8"})
  void namesBeyondAsciiAreReadInEveryLocale(String locale) throws IOException, InterruptedException {
    Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), "other systems have one encoding");
    String script = """
        set -e
        name=$(printf 'w\\303\\274rfel-\\346\\230\\237')
        mkdir -p "$1/$name"
        cp -R "$2/." "$1/$name"
        : > "$1/$name/$name.csv"
        cd /
        env %s "$1/$name/orrery" --scalar "$1/$name/$name.csv" "$1/$name"
        """.formatted(locale);
    String said = said(0, launcher(folder, Map.of(), "/bin/bash", "-c", script, "test", folder.toString(),
        checkout.toString()));
    int length = (folder + "/").length() + 8;
    assertEquals(List.of(length + 1 + 8 + 4 + " characters, a file: true", length + " characters, a file: true"),
        said.lines().skip(1).toList());
  }

  @Test
  void aScriptIsRunAgainstMoreJarsAndFolders() throws IOException, InterruptedException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second folder");
    compile(first, "a/One.java", "package a; public class One { public static String name() { return \"one\"; } }");
    compile(second, "b/Two.java", "package b; public class Two { public static String name() { return \"two\"; } }");
    Files.writeString(folder.resolve("Both.java"), """
        import a.One;
        import b.Two;
        void main(String[] arguments) {
          IO.println(One.name() + " " + Two.name() + " " + String.join(" ", arguments));
        }
        """);
    List<List<String>> forms = List.of(List.of("--class-path", "first:second folder"),
        List.of("--class-path=first:second folder"), List.of("-cp", "first", "-classpath", "second folder"));
    for (List<String> form : forms) {
      List<String> command = new ArrayList<>(List.of(launcher(), "--scalar", "run"));
      command.addAll(form);
      command.addAll(List.of("Both.java", "--class-path", "mine"));
      assertEquals("one two --class-path mine\n",
          said(0, launcher(folder, Map.of(), command.toArray(String[]::new))));
    }
    Map<List<String>, String> wrong = Map.of(
        List.of("--class-path", "none.jar", "Both.java"), "run: --class-path: there is no file none.jar",
        List.of("--class-path"), "run: --class-path needs jars or folders, divided by :",
        List.of("--module-path", "x", "Both.java"),
        "run: unknown option --module-path; --class-path JARS may stand before the file",
        List.of(), "run needs a file: ./orrery run [--class-path JARS] FILE.java [ARGS]",
        List.of("None.java"), "run: there is no file None.java", List.of("first"), "run: there is no file first");
    for (Map.Entry<List<String>, String> entry : wrong.entrySet()) {
      List<String> command = new ArrayList<>(List.of(launcher(), "run"));
      command.addAll(entry.getKey());
      assertEquals("orrery: " + entry.getValue() + "\n",
          said(2, launcher(folder, Map.of(), command.toArray(String[]::new))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void aKilledLauncherLeavesNoVirtualMachine(String scalar) throws IOException, InterruptedException {
    Process process = launcher(folder, Map.of("ORRERY_SCALAR", scalar), launcher(), "wait").start();
    BufferedReader lines = process.inputReader();
    long machine = Long.parseLong(String.valueOf(lines.readLine()).replace("process ", ""));
    assertTrue(ProcessHandle.of(machine).isPresent());
    process.toHandle().destroy(); // TERM, and its input stays open
    assertEquals(143, process.waitFor());
    assertFalse(ProcessHandle.of(machine).map(ProcessHandle::isAlive).orElse(false), "the virtual machine lives");
  }

  @Test
  void aLauncherThatIsKilledWhileItBuildsLeavesNoMaven() throws IOException, InterruptedException {
    Path other = Files.createDirectory(folder.resolve("checkout"));
    Files.copy(checkout.resolve("orrery"), other.resolve("orrery"));
    Path bin = Files.createDirectory(folder.resolve("bin"));
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Files.writeString(bin.resolve("mvn"), "#!/bin/bash\necho $$ > '" + pipe + "'\nexec tail -f /dev/null\n");
    assertTrue(bin.resolve("mvn").toFile().setExecutable(true));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Process process = launcher(folder, Map.of("PATH", bin + ":" + System.getenv("PATH"), "TMPDIR",
        temporary.toString()), "/bin/bash", other.resolve("orrery").toString(), "info").start();
    long maven = Long.parseLong(Files.readString(pipe).strip());
    process.toHandle().destroy();
    assertEquals(143, process.waitFor());
    ProcessHandle.of(maven).ifPresent(left -> assertTrue(left.onExit().isDone() || !left.isAlive(), "Maven lives"));
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList(), "temporary files");
    }
  }
}
