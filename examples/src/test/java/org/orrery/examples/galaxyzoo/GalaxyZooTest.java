package org.orrery.examples.galaxyzoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.NumPyArchive;
import org.orrery.io.NumericArray;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.training.TrainingRun;

class GalaxyZooTest {
  private static final int SIDE = 64;
  private static final double[][] PLAIN = {{0, 0, 0}, {1, 1, 1}};

  /// Bright discs for ellipticals, bright bars for discs seen from their edge.
  private static Path archive(Path folder, int count) throws IOException {
    int[] pixels = new int[count * SIDE * SIDE * 3];
    long[] labels = new long[count];
    long[] names = new long[count];
    for (int g = 0; g < count; g++) {
      labels[g] = g % 2 == 0 ? 0 : 3;
      names[g] = 1000L + g;
      for (int p = 0; p < SIDE * SIDE; p++) {
        int y = p / SIDE - 32;
        int x = p % SIDE - 32;
        boolean bright = labels[g] == 0 ? x * x + y * y < 50 : Math.abs(y) < 2 && Math.abs(x) < 14;
        Arrays.fill(pixels, (g * SIDE * SIDE + p) * 3, (g * SIDE * SIDE + p + 1) * 3, bright ? 200 : 10);
      }
    }
    Path file = folder.resolve("galaxies.npz");
    NumPyArchive.of(Map.of("images", NumericArray.of(Shape.of(count, SIDE, SIDE, 3), pixels), "labels",
        NumericArray.of(Shape.of(count), labels), "objid", NumericArray.of(Shape.of(count), names))).write(file);
    return file;
  }

  /// Trained on 42 shapes that a child tells apart; figures are pictures.
  @Test
  void learnsDiscsFromBarsAndDrawsThem(@TempDir Path folder) throws IOException {
    GalaxyImages images = GalaxyImages.read(archive(folder, GalaxyZoo.TEST + 42));
    GalaxyZoo.Settings settings = GalaxyZoo.Settings.standard().withEpochs(12);
    GalaxyZoo.Run run = GalaxyZoo.train(images, settings, Key.of(1), TrainingRun.silent());
    assertTrue(run.accuracy() > 0.95, "accuracy " + run.accuracy());
    GalaxyZoo.Report report = new GalaxyZoo.Report(List.of(run));
    GalaxyFigures.confusion(report, folder.resolve("confusion.png"));
    GalaxyFigures.stages(images, run, GalaxyZoo.surestSpiral(images, run), folder.resolve("stages.png"));
    GalaxyFigures.worst(images, run, folder.resolve("errors.png"));
    for (String name : List.of("confusion.png", "stages.png", "errors.png")) {
      assertTrue(Objects.requireNonNull(ImageIO.read(folder.resolve(name).toFile())).getWidth() > 400, name);
    }
  }

  /// A mirror exchanges the spirals and nothing else; twice is the picture again.
  @Test
  void aMirrorTurnsSpiralsRound() {
    assertEquals(Morphology.ANTICLOCKWISE, View.symmetry(4).of(Morphology.CLOCKWISE));
    assertEquals(Morphology.CLOCKWISE, View.symmetry(0).of(Morphology.CLOCKWISE));
    for (Morphology morphology : Morphology.all()) {
      assertEquals(morphology, morphology.mirrored().mirrored());
    }
    assertEquals(3, Morphology.all().stream().filter(shape -> shape.mirrored() == shape).count());
  }

  /// A quarter turn takes row i of the middle to column i; the mirror takes left to right.
  @Test
  void viewsTurnAndMirrorPictures(@TempDir Path folder) throws IOException {
    GalaxyImages images = GalaxyImages.read(archive(folder, 2));
    float[] straight = seen(images, View.straight());
    assertArrayEquals(straight, seen(images, View.symmetry(0)));
    float[] turned = seen(images, View.symmetry(1));
    float[] twice = seen(images, View.symmetry(2));
    float[] mirrored = seen(images, View.symmetry(4));
    for (int i = 0; i < View.SIDE; i++) {
      for (int j = 0; j < View.SIDE; j++) {
        assertEquals(at(straight, i, j), at(turned, View.SIDE - 1 - j, i), 1e-4, "quarter turn at " + i + ", " + j);
        assertEquals(at(straight, i, j), at(twice, View.SIDE - 1 - i, View.SIDE - 1 - j), 1e-4, "half turn");
        assertEquals(at(straight, i, j), at(mirrored, i, View.SIDE - 1 - j), 1e-4, "mirror");
      }
    }
  }

  private static float[] seen(GalaxyImages images, View view) {
    float[] pixels = new float[View.SIDE * View.SIDE * 3];
    view.write(images, 1, PLAIN, pixels, 0);
    return pixels;
  }

  private static float at(float[] pixels, int row, int column) {
    return pixels[(row * View.SIDE + column) * 3];
  }

  @Test
  void refusesArchivesOfOtherThings(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("other.npz");
    NumPyArchive.of(Map.of("images", NumericArray.of(Shape.of(1, 2, 2, 3), new int[12]))).write(file);
    refused("images [1, 2, 2, 3]", file);
    int[] pixels = new int[SIDE * SIDE * 3];
    NumPyArchive.of(Map.of("images", NumericArray.of(Shape.of(1, SIDE, SIDE, 3), pixels), "labels",
        NumericArray.of(Shape.of(1), 4L), "objid", NumericArray.of(Shape.of(1), 1L))).write(file);
    refused("a label is 4", file);
    pixels[7] = 256;
    NumPyArchive.of(Map.of("images", NumericArray.of(Shape.of(1, SIDE, SIDE, 3), pixels), "labels",
        NumericArray.of(Shape.of(1), 0L), "objid", NumericArray.of(Shape.of(1), 1L))).write(file);
    refused("a pixel is 256.0", file);
    GalaxyImages few = GalaxyImages.read(archive(folder, 100));
    assertTrue(String.valueOf(assertThrows(IllegalArgumentException.class,
        () -> GalaxyZoo.train(few, GalaxyZoo.Settings.standard(), Key.of(0), TrainingRun.silent())).getMessage())
        .contains("100 galaxies"));
  }

  private static void refused(String part, Path file) {
    String message = String.valueOf(assertThrows(IOException.class, () -> GalaxyImages.read(file)).getMessage());
    assertTrue(message.contains(part), message);
  }
}
