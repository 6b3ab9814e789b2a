package org.orrery.examples.mnist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.examples.SharedData;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Shape;

class MnistTest {
  /// The publisher's own figure for these weights is 99.17 %, 83 errors of 10,000.
  @Test
  void thePublishedNetworkGivesItsOutputsAndItsErrors() throws IOException {
    Optional<Path> digits = SharedData.folder("mnist");
    Optional<Path> model = SharedData.folder("mnist-cnn");
    assumeTrue(digits.isPresent() && model.isPresent(), "shared/data/mnist and mnist-cnn are not there");
    Mnist.Report report = Mnist.run(digits.get(), model.get());
    assertEquals(10_000, report.confusion().total());
    assertEquals(0.9917, report.confusion().accuracy(), 1e-9);
    assertTrue(report.farthest() < 1e-4, report.toString());
  }

  @Test
  void refusesWeightsOfAnotherNetwork(@TempDir Path folder) throws IOException {
    SafeTensors.of(Map.of("conv1.weight", NumericArray.of(Shape.of(1, 2), 1f, 2f)), Map.of())
        .write(folder.resolve("mnist.safetensors"));
    IOException wrong = assertThrows(IOException.class, () -> Mnist.run(folder, folder));
    assertTrue(String.valueOf(wrong.getMessage()).contains("conv1.weight is [1, 2], the model wants [8, 1, 3, 3]"),
        wrong.getMessage());
  }

  @Test
  void namesAFolderThatIsMissing(@TempDir Path folder) {
    assertTrue(Files.isDirectory(folder));
    assertThrows(IOException.class, () -> Mnist.run(folder, folder));
  }
}
