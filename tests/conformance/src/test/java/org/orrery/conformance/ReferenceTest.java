package org.orrery.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;
import org.orrery.tensor.backend.Backends;

class ReferenceTest {
  /// Cases of the areas named here that the project does not have yet.
  private static final Set<String> LATER = Set.of("graph/convolution_matrix");
  /// Cases of the area `mp` that must pass.
  private static final List<String> LAYERS = List.of("mp/gcn", "mp/gcn_unweighted", "mp/sage_mean", "mp/sage_max",
      "mp/gat", "mp/gat_edge", "mp/gatv2", "mp/gatv2_edge", "mp/gin", "mp/edge_conv", "mp/graph_conv", "mp/gine",
      "mp/nnconv", "mp/transformer", "mp/transformer_edge", "mp/meta_layer",
      "mp/norm_batch_norm", "mp/norm_layer_norm_node", "mp/norm_layer_norm_graph", "mp/norm_graph_norm",
      "mp/norm_instance_norm", "mp/norm_pair_norm", "mp/norm_mean_subtraction", "mp/aggregate_sum",
      "mp/aggregate_mean", "mp/aggregate_max", "mp/aggregate_min", "mp/aggregate_var", "mp/aggregate_std",
      "mp/aggregate_softmax");

  @TempDir
  private Path folder;

  @Test
  void noCaseFailsAndWhatIsClaimedPasses() throws IOException {
    Path reference = reference();
    assumeTrue(reference != null, "no folder shared/reference beside or above the project");
    StringWriter text = new StringWriter();
    Conformance.Count count = Conformance.run(reference, null, Backends.current(), new PrintWriter(text));
    Map<String, String> verdicts = new HashMap<>();
    text.toString().lines().map(line -> line.split(" +", 3)).forEach(words -> verdicts.put(words[1], words[0]));
    assertEquals(0, count.failed(), text.toString());
    Set<String> notPassed = new TreeSet<>(LAYERS);
    verdicts.keySet().stream().filter(name -> name.matches("(tensor|graph|train)/.*") && !LATER.contains(name))
        .forEach(notPassed::add);
    assertTrue(notPassed.size() > 80, "cases found: " + notPassed);
    notPassed.removeIf(name -> "PASS".equals(verdicts.get(name)));
    assertEquals(Set.of(), notPassed, text.toString());
  }

  @Test
  void aWrongOutputFails() throws IOException {
    assertEquals("FAIL", verdict(Map.of("in.x", values(1, 4), "out.y", values(1, 3)), "sqrt", "{}").kind().name());
  }

  @Test
  void aWrongGradientFailsAndIsNamed() throws IOException { // y = x^2, so dy/dx = 2x
    Map<String, NumericArray> right = Map.of("in.x", values(1, 4), "out.y", values(1, 16), "probe.y", values(1, 1),
        "grad.in.x", values(2, 8));
    assertEquals("PASS", verdict(right, "square", "{}").kind().name());
    Map<String, NumericArray> wrong = new HashMap<>(right);
    wrong.put("grad.in.x", values(2, 8.01f));
    Verdict verdict = verdict(wrong, "square", "{}");
    assertEquals("FAIL", verdict.kind().name());
    assertEquals("grad.in.x", verdict.detail());
    assertTrue(verdict.line().startsWith("FAIL test/case "), verdict.line());
  }

  @Test
  void anOptionThatNobodyReadIsNotPassedOver() throws IOException {
    Verdict verdict = verdict(Map.of("in.x", values(1), "out.y", values(1)), "square", "{\"twist\": 3}");
    assertEquals("UNSUPPORTED", verdict.kind().name());
    assertEquals("no option twist = 3", verdict.detail());
  }

  @Test
  void aFolderWithoutCasesIsAnError() {
    Exception none = assertThrows(IOException.class,
        () -> Conformance.run(folder, "mp/none", Backends.current(), new PrintWriter(new StringWriter())));
    assertTrue(String.valueOf(none.getMessage()).contains("no case called mp/none"), none.toString());
  }

  private Verdict verdict(Map<String, NumericArray> arrays, String op, String config) throws IOException {
    Path file = folder.resolve("case.safetensors");
    SafeTensors.of(arrays, Map.of("op", op, "config", config)).write(file);
    return Conformance.judge("test/case", file);
  }

  private static NumericArray values(float... values) {
    return NumericArray.of(Shape.of(values.length), values);
  }

  private static @Nullable Path reference() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path found = at.resolve("shared/reference");
      if (Files.isDirectory(found)) {
        return found;
      }
    }
    return null;
  }
}
