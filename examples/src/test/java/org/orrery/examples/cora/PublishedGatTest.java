package org.orrery.examples.cora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.SharedData;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Shape;

class PublishedGatTest {
  @TempDir
  private Path folder;
  private Path data = Path.of("");
  private Path cora = Path.of("");

  @BeforeEach
  void find() {
    Optional<Path> weights = SharedData.folder("gat-cora");
    Optional<Path> papers = SharedData.folder("cora");
    Assumptions.assumeTrue(weights.isPresent() && papers.isPresent(), "no folders shared/data/gat-cora and cora");
    data = weights.orElseThrow();
    cora = papers.orElseThrow();
  }

  @Test
  void itGivesThePublishedLogitsAndAccuracies() throws IOException {
    CitationNetwork network = CitationFiles.read(cora);
    PublishedGat gat = PublishedGat.read(data.resolve("gat_cora_weights.npz"), network);
    double[] expected = NumPyArchive.read(data.resolve("gat_cora_reference_output.npz")).array("logits_float64")
        .doubles();
    assertArrayEquals(expected, gat.logits(network).toDoubles(), 1e-4);
    PublishedGat.Accuracy accuracy = gat.accuracy(network);
    assertEquals(0.844, accuracy.test(), 1e-9);
    assertEquals(0.818, accuracy.validation(), 1e-9);
    assertEquals(138 / 140.0, accuracy.train(), 1e-9);
  }

  @Test
  void weightsOfOtherSizesAreRefused() throws IOException {
    CitationNetwork network = CitationFiles.read(cora);
    Path file = folder.resolve("weights.npz");
    NumPyArchive.of(Map.of("W1", NumericArray.of(Shape.of(2), 1f, 2f))).write(file);
    var error = assertThrows(IOException.class, () -> PublishedGat.read(file, network));
    assertTrue(String.valueOf(error.getMessage()).contains("array W1 is [2]; as many numbers as [8, 1433, 8]"),
        error.getMessage());
  }
}
