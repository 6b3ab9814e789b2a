package org.orrery.examples.karate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.graph.Sparse;
import org.orrery.report.Theme;
import org.orrery.report.Tone;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

class KarateTest {
  @TempDir
  private Path folder;

  @Test
  void membersHaveThePapersNumbers() {
    KarateClub club = KarateClub.create();
    Sparse ties = club.graph().adjacency().sparse();
    Map<Integer, Integer> degrees = new HashMap<>();
    for (int node = 0; node < 34; node++) {
      degrees.put(club.number(node), ties.inDegree().at(node));
    }
    assertEquals(34, degrees.size());
    assertEquals(2 * 78, ties.edges());
    assertTrue(ties.isSymmetric());
    // Zachary 1977, figure 3: who has how many ties.
    Map<Integer, Integer> published = Map.of(1, 16, 2, 9, 3, 10, 4, 6, 9, 5, 12, 1, 17, 2, 32, 6, 33, 12, 34, 17);
    published.forEach((number, degree) -> assertEquals(degree, degrees.get(number), "member " + number));
  }

  @Test
  void theClubSplitsIntoHalvesBehindTheToldMembers() {
    KarateClub club = KarateClub.create();
    int[] factions = club.graph().labels(KarateClub.FACTION).toArray();
    assertEquals(17, Arrays.stream(factions).sum());
    assertArrayEquals(new int[] {0, 1},
        club.graph().labels(KarateClub.FACTION).at(club.graph().mask(KarateClub.LABELED)).toArray());
  }

  @Test
  void twoToldMembersAreEnoughForNearlyAll() {
    for (long seed = 0; seed < 3; seed++) {
      Karate.Result result = Karate.train(seed);
      assertTrue(result.accuracy() >= 30 / 32.0, "seed " + seed + ": " + result.accuracy());
      assertTrue(result.loss() < 0.1, "seed " + seed + ": loss " + result.loss());
    }
  }

  @Test
  void theBitsDoNotDependOnTheThreads() {
    List<float[]> embeddings = List.of(1, 2, 5).stream()
        .map(threads -> Backends.with(CpuBackend.withThreads(threads), () -> Karate.train(3).embedding().toArray()))
        .toList();
    assertArrayEquals(embeddings.get(0), embeddings.get(1), 0f);
    assertArrayEquals(embeddings.get(0), embeddings.get(2), 0f);
  }

  @Test
  void theLineInTheFigureDividesThePredictedSides() {
    Karate.Result result = Karate.train(0);
    PrincipalAxes axes = PrincipalAxes.of(result);
    for (int node = 0; node < 34; node++) {
      double line = axes.dividing(axes.y(node));
      assertEquals(result.predicted().at(node), axes.x(node) > line ? 1 : 0, "node " + node);
    }
  }

  @Test
  void theFigureIsAPngInBothColors() throws IOException {
    Path file = folder.resolve("club.png");
    StringWriter said = new StringWriter();
    Karate.run(0, file, new PrintWriter(said));
    assertTrue(said.toString().contains("accuracy"), said.toString());
    BufferedImage image = ImageIO.read(file.toFile());
    Map<Integer, Integer> colors = new HashMap<>();
    for (int x = 0; x < image.getWidth(); x += 2) {
      for (int y = 0; y < image.getHeight(); y += 2) {
        colors.merge(image.getRGB(x, y) & 0xffffff, 1, Integer::sum);
      }
    }
    assertTrue(colors.getOrDefault(Tone.of(0).rgb(Theme.LIGHT), 0) > 1000, "the instructor's side");
    assertTrue(colors.getOrDefault(Tone.of(1).rgb(Theme.LIGHT), 0) > 1000, "the administrator's side");
    assertTrue(colors.getOrDefault(Tone.WARNING.rgb(Theme.LIGHT), 0) > 50, "a ring around the wrong member");
  }

  @Test
  void aFolderIsNotReplacedByAFigure() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    IOException error = assertThrows(IOException.class,
        () -> Karate.run(0, empty, new PrintWriter(new StringWriter())));
    assertTrue(String.valueOf(error.getMessage()).contains("is not a regular file"), error.toString());
    assertTrue(Files.isDirectory(empty));
  }

  @Test
  void aFigureInNoFolderIsAnErrorThatNamesIt() {
    Path file = folder.resolve("absent").resolve("club.png");
    IOException error = assertThrows(IOException.class, () -> Karate.run(0, file, new PrintWriter(new StringWriter())));
    assertTrue(String.valueOf(error.getMessage()).contains("there is no folder"), error.toString());
  }
}
