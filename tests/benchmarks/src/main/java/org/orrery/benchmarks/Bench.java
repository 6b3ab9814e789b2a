package org.orrery.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.io.WholeFile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Times the workloads, each in a process of its own, and compares them with peers.
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Time workloads, each in a process of its own: one JSON line each.", footer = {
  "",
  "With --jmh as the first argument the kernels' JMH benchmarks run with the other arguments."})
public final class Bench implements Callable<Integer> {
  static final String COPY = "copy_256mb";

  @Spec
  private CommandSpec spec;

  @Parameters(paramLabel = "NAME", description = "Workloads; all without any")
  private List<String> names = new ArrayList<>();

  @Option(names = "--list", description = "Print the names alone")
  private boolean list;

  @Option(names = "--threads", paramLabel = "N", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(names = "--seconds", paramLabel = "S", defaultValue = "6", description = "How long each is timed. Default: ${DEFAULT-VALUE}")
  private double seconds;

  @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu", description = "cpu")
  private String backend;

  @Option(names = "--json", paramLabel = "FILE|-", description = "Write the lines here too; - is the standard output, and tables go to standard error")
  private @Nullable Path json;

  @Option(names = "--against", paramLabel = "FILE", description = "Lines of peers; prints the ratios as a table")
  private @Nullable Path against;

  @Option(names = "--peer", paramLabel = "COMMAND", description = "A command that takes a workload's name and prints the peer's line; runs in turn with ours")
  private @Nullable String peer;

  @Option(names = "--pairs", paramLabel = "N", defaultValue = "3", description = "How many pairs with --peer. Default: ${DEFAULT-VALUE}")
  private int pairs;

  @Option(names = "--growth", description = "GCN and the galaxies at 0.1, 1 and 10 times the size: milliseconds a million edges")
  private boolean growth;

  @Option(names = "--limits", description = "Compare kernels with what the machine allows instead: a table")
  private boolean limits;

  @Option(names = "--smoke", description = "Compare a few kernels with plain loops instead; fails where one is ten times slower")
  private boolean smoke;

  @Option(names = "--here", hidden = true, description = "In this process")
  private boolean here;

  /// Runs the command line and ends the process with its exit code.
  ///
  /// @param arguments names and options
  /// @throws IOException where JMH fails to start
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 0 && arguments[0].equals("--jmh")) {
      org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      return;
    }
    System.exit(executed(new CommandLine(new Bench()).setExecutionExceptionHandler((error, command, parsed) -> {
      command.getErr().println("orrery: " + (error.getMessage() == null ? error.toString() : error.getMessage()));
      return CommandLine.ExitCode.SOFTWARE;
    }), arguments));
  }

  private static int executed(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError limit) {
      System.err.println("orrery: " + limit + "; ORRERY_JAVA_OPTS=-Xmx8g gives more memory, -Xss64m more stack");
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  @Override
  public Integer call() throws Exception {
    List<String> chosen = chosen();
    PrintWriter out = spec.commandLine().getOut();
    if (smoke) {
      List<String> lines = new ArrayList<>();
      boolean sound = Smoke.run(lines);
      lines.forEach(out::println);
      out.flush();
      return sound ? 0 : 1;
    }
    if (list) {
      chosen.forEach(out::println);
      out.flush();
      return 0;
    }
    if (threads < 1 || !(seconds > 0) || pairs < 1 || !backend.equals("cpu")) {
      throw new ParameterException(spec.commandLine(), "--threads " + threads + ", --seconds " + seconds + ", --pairs "
          + pairs + ", --backend " + backend + "; positive numbers and cpu are required");
    }
    if (here) {
      System.setProperty("orrery.threads", Integer.toString(threads));
      for (String name : chosen) {
        out.println(name.equals(COPY)
            ? Measurement.copy(threads)
            : Measurement.of(name, workload(name), threads, seconds));
        out.flush();
      }
      return 0;
    }
    if (limits) {
      new Against(out, seconds).run();
      return 0;
    }
    if (json != null && !isToOutput()) {
      WholeFile.requireWritable(json);
    }
    Map<String, JsonNode> theirs = against == null ? Map.of() : peers(against);
    return peer != null ? compare(chosen) : run(chosen, theirs, out);
  }

  private boolean isToOutput() { return json != null && json.toString().equals("-"); }

  /// Where tables go: beside lines of JSON alone they are none.
  private PrintWriter tables() {
    return isToOutput() ? spec.commandLine().getErr() : spec.commandLine().getOut();
  }

  /// Writes the lines of JSON where they were asked for.
  private void write(String lines) throws IOException {
    if (isToOutput()) {
      spec.commandLine().getOut().print(lines);
      spec.commandLine().getOut().flush();
    } else if (json != null) {
      WholeFile.write(json, file -> file.write(lines.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private Map<String, JsonNode> peers(Path file) throws IOException {
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new ParameterException(spec.commandLine(), "--against " + file + ": no such file");
    }
    Map<String, JsonNode> lines = byName(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)); // text or not
    if (lines.isEmpty()) {
      throw new ParameterException(spec.commandLine(),
          "--against " + file + ": no line of a peer, with a name and a time, is in it");
    }
    return lines;
  }

  private List<String> chosen() {
    List<String> known = new ArrayList<>(Workloads.all().keySet());
    known.add(COPY);
    for (String name : names) {
      if (!known.contains(name) && !(here && Growth.names().contains(name))) {
        throw new ParameterException(spec.commandLine(), "no workload " + name + "; there are " + known);
      }
    }
    return growth ? Growth.names() : names.isEmpty() ? known : names;
  }

  private static Workload workload(String name) {
    return Growth.names().contains(name)
        ? Growth.workload(name)
        : Workloads.all().get(name).make().get();
  }

  private int run(List<String> chosen, Map<String, JsonNode> theirs, PrintWriter out) throws Exception {
    StringBuilder all = new StringBuilder();
    List<JsonNode> ours = new ArrayList<>();
    for (String name : chosen) {
      JsonNode line = ours(name);
      all.append(line).append('\n');
      ours.add(line);
      out.println(line);
      out.flush();
    }
    if (!isToOutput()) { // where they are already
      write(all.toString());
    }
    PrintWriter tables = tables();
    if (growth) {
      Growth.table(ours).forEach(tables::println);
    }
    if (!theirs.isEmpty()) {
      tables.println("| workload | ours ms | peer ms | ratio | at most |");
      tables.println("|---|---|---|---|---|");
      for (JsonNode line : ours) {
        JsonNode other = theirs.get(line.get("name").asText());
        if (other != null) {
          tables.println(row(line, other, line.get("ms").asDouble() / other.get("ms").asDouble(), ""));
        }
      }
    }
    tables.flush();
    return 0;
  }

  private static String row(JsonNode ours, JsonNode theirs, double ratio, String spread) {
    String name = ours.get("name").asText();
    Workloads.Entry entry = Workloads.all().get(name);
    return String.format(Locale.ROOT, "| %s | %.1f | %.1f | %.3f%s | %s |", name, ours.get("ms").asDouble(),
        theirs.get("ms").asDouble(), ratio, spread, entry == null || entry.ratio() == 0 ? "" : entry.ratio());
  }

  /// Ours and the peer in turn, and the ratio pair by pair.
  private int compare(List<String> chosen) throws Exception {
    StringBuilder all = new StringBuilder();
    PrintWriter out = tables();
    out.println(
        "| workload | ours ms | peer ms | ratio (min to max) | at most | of limit | tensors MB | resident MB | peer's MB | first step ms |");
    out.println("|---|---|---|---|---|---|---|---|---|---|");
    for (String name : chosen) {
      List<JsonNode> ours = new ArrayList<>();
      List<JsonNode> theirs = new ArrayList<>();
      for (int pair = 0; pair < pairs; pair++) {
        ours.add(ours(name));
        JsonNode other = byName(output(peerCommand(name))).get(name);
        if (other == null) {
          throw new IOException("the peer's command printed no line for " + name);
        }
        theirs.add(other);
      }
      double[] ratios = new double[pairs];
      Arrays.setAll(ratios, p -> ours.get(p).get("ms").asDouble() / theirs.get(p).get("ms").asDouble());
      JsonNode first = ours.getFirst();
      out.println(
          String.format(Locale.ROOT, "| %s | %.1f | %.1f | %.3f (%.3f to %.3f) | %s | %s | %s | %s | %s | %.0f |",
              name, middle(ours), middle(theirs), Measurement.median(ratios), Arrays.stream(ratios).min().orElse(0),
              Arrays.stream(ratios).max().orElse(0),
              Workloads.all().containsKey(name) ? Workloads.all().get(name).ratio() : "",
              first.path("of_limit").asText(), first.path("peak_mb").asText(), first.path("rss_mb").asText(),
              theirs.getFirst().path("rss_mb").asText(),
              first.path("cold_ms").asDouble()));
      out.flush();
      ours.forEach(line -> all.append(line).append('\n'));
    }
    write(all.toString());
    return 0;
  }

  private static double middle(List<JsonNode> lines) {
    return Measurement.median(lines.stream().mapToDouble(line -> line.get("ms").asDouble()).toArray());
  }

  private List<String> peerCommand(String name) {
    List<String> command = new ArrayList<>(List.of(String.valueOf(peer).strip().split("\\s+")));
    command.addAll(List.of(name, "--threads", Integer.toString(threads), "--seconds", Double.toString(seconds)));
    return command;
  }

  private JsonNode ours(String name) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    Workloads.Entry entry = Workloads.all().get(name);
    command.addAll(
        chosen(ManagementFactory.getRuntimeMXBean().getInputArguments(), entry != null && entry.afresh()));
    command.addAll(List.of("--class-path", System.getProperty("java.class.path"), Bench.class.getName(), "--here", name,
        "--threads", Integer.toString(threads), "--seconds", Double.toString(seconds)));
    JsonNode line = byName(output(command)).get(name);
    if (line == null) {
      throw new IOException("workload " + name + " gave no line");
    }
    return line;
  }

  /// The options of a workload's process, unless others than the launcher's were given. Steps of training use their arrays again, so
  /// that there is little to collect: a small young generation, and the collector that needs the least beside the heap and leaves no
  /// dead space in it; and what the compiler needed for the kernels goes back. What makes large arrays afresh each time has the
  /// collector that gives them back without copying them.
  private static List<String> chosen(List<String> options, boolean afresh) {
    List<String> chosen = new ArrayList<>(options);
    chosen.remove("-XX:+UseParallelGC");
    if (chosen.stream().anyMatch(option -> option.matches("-XX:[+]Use\\w+GC"))) {
      return chosen;
    }
    chosen.addAll(
        afresh ? List.of("-XX:+UseG1GC") : List.of("-XX:+UseSerialGC", "-XX:MarkSweepDeadRatio=0"));
    if (!afresh
        && options.stream().noneMatch(option -> option.startsWith("-Xmn") || option.startsWith("-XX:NewSize"))) {
      chosen.addAll(List.of("-Xmn8m", "-XX:TrimNativeHeapInterval=500"));
    }
    return chosen;
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread ending = new Thread(process::destroy, "orrery-end-workload"); // it does not outlive this process
    Runtime.getRuntime().addShutdownHook(ending);
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    Runtime.getRuntime().removeShutdownHook(ending);
    if (code != 0) {
      throw new IOException(command.getFirst() + " ended with code " + code + ": " + said);
    }
    return said;
  }

  private static Map<String, JsonNode> byName(String text) {
    Map<String, JsonNode> lines = new LinkedHashMap<>();
    Measurement.lines(text).forEach(line -> lines.put(line.get("name").asText(), line));
    return lines;
  }
}
