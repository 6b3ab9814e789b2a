package org.orrery.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.orrery.tensor.Scope;
import org.orrery.training.MachineRates;
import org.orrery.training.Plan;

/// One workload timed in this process, as a line of JSON with the fields that the peers' script has and more.
///
/// `of_limit` is the least time of the step over its median: for each operation the longer of bytes over the rate of a
/// copy and flops over that of multiply-adds in registers, both measured in this process with as many threads.
final class Measurement {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int LEAST_RUNS = 3;
  private static final double MIB = 1024 * 1024;

  private Measurement() {
  }

  /// Sets up, runs once cold, warms up for half the time that follows, and times.
  ///
  /// @param seconds how long it is timed
  static ObjectNode of(String name, Workload workload, int threads, double seconds) {
    System.gc(); // what setting up left behind is not the workload's
    double cold = milliseconds(workload.step());
    double warm = 0;
    for (int run = 0; run < 2 || warm < 500 * seconds; run++) {
      warm += milliseconds(workload.step());
    }
    List<Double> times = new ArrayList<>();
    double total = 0;
    while (times.size() < LEAST_RUNS || total < 1e3 * seconds) {
      times.add(milliseconds(workload.step()));
      total += times.getLast();
    }
    double[] sorted = times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    long resident = resident(); // before the limits are measured, which need memory of their own
    ObjectNode line = JSON.createObjectNode();
    line.put("name", name).put("ms", round(median)).put("min", round(sorted[0])).put("runs", sorted.length)
        .put("threads", threads);
    if (resident > 0) {
      line.put("rss_mb", Math.round(resident / 1024.0));
    }
    line.put("cold_ms", round(cold));
    MachineRates limits = Limits.measure(threads);
    line.put("copy_ms", round(Limits.copyMilliseconds(limits)));
    if (workload.plan() != null) {
      Plan plan = Scope.outside(() -> workload.plan().get());
      line.put("gbytes_s", round(plan.bytes() / median * 1e-6)).put("gflop_s", round(plan.flops() / median * 1e-6))
          .put("of_limit", round(plan.seconds(limits) * 1e3 / median))
          .put("peak_mb", Math.round(plan.peakBytes() / MIB));
    }
    return line;
  }

  /// The copy of 256 MB alone.
  static ObjectNode copy(int threads) {
    MachineRates limits = Limits.measure(threads);
    double ms = round(Limits.copyMilliseconds(limits));
    return JSON.createObjectNode().put("name", Bench.COPY).put("ms", ms).put("min", ms).put("runs", 5)
        .put("threads", threads).put("gbytes_s", round(limits.bytesPerSecond() * 1e-9))
        .put("fma_gflop_s", round(limits.flopsPerSecond() * 1e-9));
  }

  private static double milliseconds(Runnable step) {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) * 1e-6;
  }

  /// The largest resident size of this process in KiB; 0 where the system does not say.
  private static long resident() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElse(0);
    } catch (IOException notThere) {
      return 0;
    }
  }

  static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  /// The lines of a text that are JSON objects with a time; others, such as errors, are left out.
  static List<JsonNode> lines(String text) {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : text.split("\\R")) {
      if (line.startsWith("{")) {
        try {
          JsonNode node = JSON.readTree(line);
          if (node.hasNonNull("name") && node.path("ms").isNumber()) {
            lines.add(node);
          }
        } catch (JsonProcessingException other) {
          continue; // a line of something else
        }
      }
    }
    return lines;
  }

  static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
