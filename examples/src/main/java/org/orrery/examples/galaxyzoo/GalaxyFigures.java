package org.orrery.examples.galaxyzoo;

import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;

/// Figures of what a network found: the confusion matrix of all runs, what each stage sees of one galaxy, and the errors that it was
/// surest of.
public final class GalaxyFigures {
  private static final int CELL = 92;
  private static final int LEFT = 170;
  private static final int TOP = 90;
  private static final int MAPS = 8;
  private static final int SIDE = 96;
  private static final int WORST = 12;

  private GalaxyFigures() {
  }

  /// Rows are what the volunteers saw, columns what the networks found, in per cent of a row, over all runs.
  ///
  /// @throws IOException where the file cannot be written
  public static void confusion(GalaxyZoo.Report report, Path file) throws IOException {
    List<Morphology> all = Morphology.all();
    Page page = new Page(LEFT + all.size() * CELL + 40, TOP + all.size() * CELL + 60);
    page.title("Seen by volunteers (rows) and found by the network (columns)",
        String.format(Locale.ROOT, "%d runs, %d galaxies each; per cent of a row", report.runs().size(),
            GalaxyZoo.TEST));
    for (int i = 0; i < all.size(); i++) {
      page.wordsBefore(all.get(i).title(), LEFT - 10, TOP + (i + 0.55) * CELL, 12);
      String[] words = all.get(i).title().split(" ");
      for (int w = 0; w < words.length; w++) {
        page.wordsAround(words[w], LEFT + (i + 0.5) * CELL, TOP + all.size() * CELL + 18 + 15 * w, 12, Page.INK);
      }
      double sum = row(report, i);
      for (int j = 0; j < all.size(); j++) {
        double share = sum == 0 ? 0 : count(report, i, j) / sum;
        page.box(LEFT + j * CELL, TOP + i * CELL, CELL - 2, CELL - 2, new Color(
            (float) (1 - 0.85 * share), (float) (1 - 0.6 * share), (float) (1 - 0.3 * share)));
        page.wordsAround(String.format(Locale.ROOT, "%.0f", 100 * share), LEFT + (j + 0.5) * CELL,
            TOP + (i + 0.55) * CELL, 15, share > 0.6 ? Color.WHITE : Page.INK);
      }
    }
    page.write(file);
  }

  private static double row(GalaxyZoo.Report report, int label) {
    return IntStream.range(0, Morphology.all().size()).mapToDouble(j -> count(report, label, j)).sum();
  }

  private static double count(GalaxyZoo.Report report, int label, int prediction) {
    return report.runs().stream().mapToDouble(run -> run.confusion().count(label, prediction)).sum();
  }

  /// One galaxy of the test and the channels of each stage that vary most over it.
  ///
  /// @param galaxy by its place in the file
  /// @throws IOException where the file cannot be written
  public static void stages(GalaxyImages images, GalaxyZoo.Run run, int galaxy, Path file) throws IOException {
    float[] pixels = new float[View.SIDE * View.SIDE * 3];
    View.straight().write(images, galaxy, run.moments(), pixels, 0);
    Tensor x = Tensor.of(pixels, 1, View.SIDE, View.SIDE, 3);
    List<Tensor> stages = Tensor.unrecorded(() -> run.network().stages(x, Mode.inference()));
    Page page = new Page(40 + SIDE * (MAPS + 2), 80 + (SIDE + 26) * stages.size());
    page.title("What each stage sees of " + images.identifier(galaxy),
        images.shape(galaxy).title() + "; the " + MAPS
            + " channels that vary most, each from its least to its most");
    page.galaxy(images, galaxy, 20, 76, SIDE);
    for (int stage = 0; stage < stages.size(); stage++) {
      Tensor seen = stages.get(stage).squeeze(0);
      int y = 76 + stage * (SIDE + 26);
      int[] channels = mostVaried(seen);
      for (int c = 0; c < channels.length; c++) {
        page.map(seen.select(2, channels[c]), 40 + SIDE * (c + 1), y, SIDE - 4);
      }
      page.words("stage " + (stage + 1) + ": " + seen.rows() + " x " + seen.size(1) + " cells, " + seen.columns()
          + " channels", 44 + SIDE, y + SIDE + 11, 11, Font.PLAIN, Page.FAINT);
    }
    page.write(file);
  }

  private static int[] mostVaried(Tensor seen) {
    float[] variances = seen.reshape(seen.rows() * seen.size(1), seen.columns()).variance(0).toArray();
    return IntStream.range(0, variances.length).boxed()
        .sorted(Comparator.comparingDouble(c -> -variances[c])).limit(MAPS).mapToInt(Integer::intValue).toArray();
  }

  /// The galaxies that the network gave the least probability to their shape.
  ///
  /// @throws IOException where the file cannot be written
  public static void worst(GalaxyImages images, GalaxyZoo.Run run, Path file) throws IOException {
    int classes = Morphology.all().size();
    float[] p = run.probabilities().toArray();
    int[] rows = IntStream.range(0, run.galaxies().size()).boxed()
        .sorted(Comparator.comparingDouble(i -> p[i * classes + images.shape(run.galaxies().at(i)).number()]))
        .limit(WORST).mapToInt(Integer::intValue).toArray();
    int across = 4;
    int down = (rows.length + across - 1) / across;
    Page page = new Page(40 + across * 190, 80 + down * 215);
    page.title("The errors that the network is surest of",
        "what volunteers saw; what the network found, and how surely");
    for (int n = 0; n < rows.length; n++) {
      int galaxy = run.galaxies().at(rows[n]);
      int x = 20 + n % across * 190;
      int y = 66 + n / across * 215;
      int found = 0;
      for (int c = 1; c < classes; c++) {
        found = p[rows[n] * classes + c] > p[rows[n] * classes + found] ? c : found;
      }
      page.galaxy(images, galaxy, x, y, 170);
      page.words(images.shape(galaxy).title(), x, y + 185, 12, Font.BOLD, Page.INK);
      page.words(String.format(Locale.ROOT, "%s, %.0f %%", Morphology.all().get(found).title(),
          100 * p[rows[n] * classes + found]), x, y + 200, 12, Font.PLAIN, Page.FAINT);
    }
    page.write(file);
  }
}
