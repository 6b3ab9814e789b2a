package org.orrery.conformance;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Gradients;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Tensor;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;

/// Compares the project with numerical cases that were computed by others in double precision.
///
/// The error of a tensor is max|a - b| / max(1, max|b|). An output passes at [#OUTPUT_TOLERANCE], a gradient at
/// [#GRADIENT_TOLERANCE]; integers must be equal.
public final class Conformance {
  /// The largest error of an output that passes.
  public static final double OUTPUT_TOLERANCE = 2e-5;
  /// The largest error of a gradient that passes.
  public static final double GRADIENT_TOLERANCE = 1e-4;

  private static final Map<String, Subject> SUBJECTS = subjects();

  private Conformance() {
  }

  /// How many cases ended in each way.
  ///
  /// @param passed every number agrees
  /// @param failed some number does not
  /// @param unsupported the project has no such layer
  public record Count(int passed, int failed, int unsupported) {
    @Override
    public String toString() {
      return passed + " passed, " + failed + " failed, " + unsupported + " unsupported";
    }
  }

  /// Runs every case below a folder, prints a line for each and counts them.
  ///
  /// @param only a case `area/name`, or an area; null for all
  /// @throws IOException where the folder cannot be read or holds no case that was asked for
  public static Count run(Path folder, @Nullable String only, Backend backend, PrintWriter out) throws IOException {
    Map<String, Path> cases = find(folder);
    if (only != null) {
      cases.keySet().removeIf(name -> !name.equals(only) && !name.startsWith(only + "/"));
    }
    if (cases.isEmpty()) {
      throw new IOException(folder + ": no case" + (only == null ? "" : " called " + only)
          + "; files area/name.safetensors are required");
    }
    Map<Verdict.Kind, Integer> counts = new EnumMap<>(Verdict.Kind.class);
    for (Map.Entry<String, Path> entry : cases.entrySet()) {
      Verdict verdict = Backends.with(backend, () -> judge(entry.getKey(), entry.getValue()));
      counts.merge(verdict.kind(), 1, Integer::sum);
      out.println(verdict.line());
      out.flush();
    }
    return new Count(counts.getOrDefault(Verdict.Kind.PASS, 0), counts.getOrDefault(Verdict.Kind.FAIL, 0),
        counts.getOrDefault(Verdict.Kind.UNSUPPORTED, 0));
  }

  private static Map<String, Path> find(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + ": no such folder");
    }
    Map<String, Path> cases = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      files.filter(file -> file.toString().endsWith(".safetensors")).forEach(file -> {
        String path = folder.toAbsolutePath().normalize().relativize(file.toAbsolutePath().normalize()).toString()
            .replace('\\', '/');
        String inside = path.indexOf('/') >= 0 ? path : folder.toAbsolutePath().normalize().getFileName() + "/" + path;
        cases.put(inside.substring(0, inside.length() - ".safetensors".length()), file);
      });
    }
    return cases;
  }

  /// Runs one case.
  static Verdict judge(String name, Path file) {
    try {
      Case reference = Case.read(name, file);
      if (reference.expectedOutputs().isEmpty()) {
        return Verdict.failed(name, "the case has no out.*, so nothing would be compared");
      }
      Subject subject = SUBJECTS.get(reference.op());
      if (subject == null) {
        return Verdict.unsupported(name, "no layer for " + reference.op());
      }
      Answer answer = subject.run(reference);
      reference.requireAllRead();
      return compare(reference, answer);
    } catch (Unsupported e) {
      return Verdict.unsupported(name, String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      return Verdict.failed(name, e.toString());
    }
  }

  private static Verdict compare(Case reference, Answer answer) {
    Worst outputs = new Worst(OUTPUT_TOLERANCE);
    Tensor scalar = Tensor.of(0);
    for (String name : reference.expectedOutputs()) {
      Tensor value = answer.tensors().get(name);
      Indices integers = answer.indices().get(name);
      if (value != null) {
        outputs.add(name, error(value.toDoubles(), reference.array(name).doubles()));
        Tensor probe = reference.probe(name);
        scalar = probe == null ? scalar : scalar.add(value.reshape(probe.shape()).multiply(probe).sum());
      } else if (integers != null) {
        outputs.add(name, Indices.of(reference.array(name).longs()).equals(integers) ? 0 : Double.POSITIVE_INFINITY);
      } else {
        outputs.add(name + " (not computed)", Double.POSITIVE_INFINITY);
      }
    }
    Worst gradients = new Worst(GRADIENT_TOLERANCE);
    if (scalar.isTracked()) {
      Map<String, Tensor> tracked = reference.tracked();
      Gradients sweep = Gradients.of(scalar, tracked.values());
      for (String name : reference.expectedGradients()) {
        Tensor tensor = tracked.get(name.substring("grad.".length()));
        gradients.add(name, tensor == null
            ? Double.POSITIVE_INFINITY
            : error(sweep.withRespectTo(tensor).toDoubles(), reference.array(name).doubles()));
      }
    } else {
      reference.expectedGradients().forEach(name -> gradients.add(name, Double.POSITIVE_INFINITY));
    }
    List<String> failures = new ArrayList<>(outputs.failures);
    failures.addAll(gradients.failures);
    return new Verdict(reference.name(), failures.isEmpty() ? Verdict.Kind.PASS : Verdict.Kind.FAIL, outputs.error,
        gradients.error, failures.isEmpty() ? "" : failures.getFirst());
  }

  /// max|a - b| / max(1, max|b|); infinite where sizes differ or a is not a number.
  static double error(double[] a, double[] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double difference = 0;
    double largest = 1;
    for (int i = 0; i < a.length; i++) {
      difference = Math.max(difference, Double.isNaN(a[i] - b[i]) ? Double.POSITIVE_INFINITY : Math.abs(a[i] - b[i]));
      largest = Math.max(largest, Math.abs(b[i]));
    }
    return difference / largest;
  }

  private static Map<String, Subject> subjects() {
    Map<String, Subject> all = new TreeMap<>();
    TensorSubjects.register(all);
    LossSubjects.register(all);
    GraphSubjects.register(all);
    TrainingSubjects.register(all);
    LayerSubjects.register(all);
    GeometrySubjects.register(all);
    CompatSubjects.register(all);
    return all;
  }

  /// The largest error of several, and the names of those above the tolerance.
  private static final class Worst {
    private final double tolerance;
    private final List<String> failures = new ArrayList<>();
    private double error;

    Worst(double tolerance) {
      this.tolerance = tolerance;
    }

    void add(String name, double value) {
      if (!(value <= tolerance)) {
        if (value > error) {
          failures.addFirst(name);
        } else {
          failures.add(name);
        }
      }
      error = Math.max(error, value);
    }
  }
}
