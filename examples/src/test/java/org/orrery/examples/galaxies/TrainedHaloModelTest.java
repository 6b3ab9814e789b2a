package org.orrery.examples.galaxies;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.cosmology.Catalog;
import org.orrery.inference.CalibrationFactor;
import org.orrery.io.FormatException;
import org.orrery.tensor.Key;
import org.orrery.training.SavedModel;

/// A model that has not been trained knows its boxes all the same.
class TrainedHaloModelTest {
  private static final int TRAINED = 150;
  private static final int UNSEEN = 110;
  private static final int FRESH = 60;
  private static List<Simulation> boxes = List.of();
  private static TrainedHaloModel model;

  @TempDir
  private Path folder;

  @BeforeAll
  static void simulate() {
    SimulationSet set = SimulationSet.simulate(new SimulationSet.Recipe(TRAINED + UNSEEN + FRESH, 100, 24, 40, 5),
        done -> {});
    boxes = set.boxes();
    HaloModel halo = HaloModel.create(new HaloGraph(25, Set.of(Feature.VELOCITIES)), new HaloModel.Options(1, 4),
        Key.of(1));
    model = TrainedHaloModel.of(halo, CalibrationFactor.of(1.5, 1.5), set.recipe(), boxes.subList(0, TRAINED),
        boxes.subList(TRAINED, TRAINED + UNSEEN));
  }

  private static List<Simulation> fresh() {
    return boxes.subList(TRAINED + UNSEEN, boxes.size());
  }

  /// With a rate of 0.01, 60 boxes raise 4 or more alarms with probability 0.003.
  @Test
  void ordinaryBoxesRaiseFewAlarms() {
    long alarms = fresh().stream().filter(box -> model.answer(box.halos()).verdict().alarm()).count();
    assertTrue(alarms < 4, alarms + " alarms of " + FRESH);
    assertEquals(0.01, model.answer(fresh().getFirst().halos()).alarmRate());
  }

  @Test
  void boxesWithAWrongVelocityDispersionAreFlagged() {
    long alarms = fresh().stream().map(Simulation::halos)
        .filter(halos -> model.answer(Catalog.of(halos.side(), halos.positions(),
            Arrays.stream(halos.velocities()).map(v -> 3 * v).toArray(), halos.masses())).verdict().alarm())
        .count();
    assertTrue(alarms > FRESH / 2, alarms + " of " + FRESH + " boxes with velocities three times as high are flagged");
  }

  @Test
  void boxesLinkedWithAnotherRadiusAreFlagged() {
    HaloGraph other = new HaloGraph(15, Set.of(Feature.VELOCITIES));
    long alarms = fresh().stream().filter(box -> model.answer(other.of(box.halos())).verdict().alarm()).count();
    assertTrue(alarms > FRESH / 2, alarms + " of " + FRESH + " boxes linked at 15 instead of 25 Mpc/h are flagged");
  }

  @Test
  void whatIsFarOffIsNamed() {
    Catalog halos = fresh().getFirst().halos();
    TrainedHaloModel.Answer answer = model.answer(Catalog.of(halos.side(), halos.positions(),
        Arrays.stream(halos.velocities()).map(v -> 20 * v).toArray(), halos.masses()));
    assertTrue(answer.unusual().stream().allMatch(number -> number.name().matches(".*(speed|infall|velocity).*")),
        answer.unusual().toString());
    assertTrue(Math.abs(answer.unusual().getFirst().deviations()) > 10);
  }

  @Test
  void aFileGivesTheSameAnswer() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SavedModel.write(file, new TrainedHaloModel.Format(), model);
    TrainedHaloModel read = SavedModel.read(file, new TrainedHaloModel.Format());
    Catalog halos = fresh().get(3).halos();
    assertArrayEquals(model.answer(halos).posterior().mean(), read.answer(halos).posterior().mean());
    assertEquals(model.answer(halos).verdict(), read.answer(halos).verdict());
    assertEquals(1.5, read.factor());
    double narrow = model.model().posterior(halos).covariance()[0][0];
    assertEquals(2.25 * narrow, read.answer(halos).posterior().covariance()[0][0], 1e-6 * narrow);
  }

  @Test
  void anotherBoxIsRefused() {
    Catalog halos = fresh().getFirst().halos();
    Catalog larger = Catalog.of(150, halos.positions(), halos.velocities(), halos.masses());
    String side = message(() -> model.answer(larger));
    assertTrue(side.contains("150.0 Mpc/h; the model knows boxes of 100.0 Mpc/h"), side);
    assertTrue(message(() -> model.answer(halos.heaviest(30))).contains("30 objects"));
  }

  private static String message(Runnable work) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, work::run).getMessage());
  }

  private Path csv(double lengthFactor, String head) throws IOException {
    Catalog halos = fresh().getFirst().halos();
    StringBuilder lines = new StringBuilder(head).append('\n');
    for (int i = 0; i < halos.size(); i++) {
      for (int axis = 0; axis < 3; axis++) {
        lines.append(String.format(Locale.ROOT, "%.9g,", lengthFactor * halos.positions()[3 * i + axis]));
      }
      for (int axis = 0; axis < 3; axis++) {
        lines.append(String.format(Locale.ROOT, "%.9g,", halos.velocities()[3 * i + axis]));
      }
      lines.append(String.format(Locale.ROOT, "%.9g%n", halos.masses()[i]));
    }
    return Files.writeString(folder.resolve("halos.csv"), lines);
  }

  @Test
  void aTableIsACatalog() throws IOException {
    Catalog read = CatalogFile.read(csv(1, "x,y,z,vx,vy,vz,mass"), CatalogFile.Columns.USUAL, OptionalDouble.of(100));
    Catalog halos = fresh().getFirst().halos();
    assertArrayEquals(halos.positions(), read.positions(), 1e-6);
    assertArrayEquals(halos.masses(), read.masses(), 1e7);
  }

  @Test
  void catalogsThatCannotBeAreNamed() throws IOException {
    String kpc = refused(csv(1000, "x,y,z,vx,vy,vz,mass"), OptionalDouble.of(100));
    assertTrue(kpc.contains("halos.csv") && kpc.contains("kpc/h"), kpc);
    String column = refused(csv(1, "x,y,z,vx,vy,w,mass"), OptionalDouble.of(100));
    assertTrue(column.contains("vz"), column);
    String side = refused(csv(1, "x,y,z,vx,vy,vz,mass"), OptionalDouble.empty());
    assertTrue(side.contains("--box"), side);
    String outside = refused(csv(1, "x,y,z,vx,vy,vz,mass"), OptionalDouble.of(60));
    assertTrue(outside.contains("halos.csv"), outside);
    Files.writeString(folder.resolve("halos.txt"), "");
    assertTrue(refused(folder.resolve("halos.txt"), OptionalDouble.of(60)).contains(".hdf5"));
    assertTrue(message(() -> CatalogFile.Columns.named("x,y", CatalogFile.Columns.USUAL.length(),
        CatalogFile.Columns.USUAL.massUnit())).contains("seven names"));
  }

  private static String refused(Path file, OptionalDouble side) {
    return String.valueOf(assertThrows(FormatException.class,
        () -> CatalogFile.read(file, CatalogFile.Columns.USUAL, side)).getMessage());
  }
}
