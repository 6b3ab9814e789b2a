package org.orrery.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.graph.space.NeighborList;
import org.orrery.graph.space.NeighborRule;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.messagepassing.Aggregation;
import org.orrery.messagepassing.EdgeMlp;
import org.orrery.messagepassing.MessagePassing;
import org.orrery.messagepassing.Update;
import org.orrery.nn.Block;
import org.orrery.nn.Mlp;
import org.orrery.nn.Mode;
import org.orrery.nn.Parameter;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

class SavedModelTest {
  /// From positions and raw masses to a number a point: scaler, graph and network in one.
  private record Field(Scaler masses, NeighborRule rule, Mlp network, int hidden) implements Block {
    static Field create(int hidden, NeighborRule rule, Scaler masses, Key key) {
      int dimensions = rule.space().dimensions();
      return new Field(masses, rule, Mlp.create(key, 2 + dimensions, hidden, 1), hidden);
    }

    Tensor apply(double[] positions, Tensor rawMasses) {
      NeighborList near = rule.apply(positions);
      return new MessagePassing(EdgeMlp.of(network), Aggregation.sum(), Update.replace()).apply(near.edges(),
          masses.apply(rawMasses), near.displacementFeatures(), Mode.inference());
    }
  }

  private static final ModelFormat<Field> BLUEPRINT = new ModelFormat<>() {
    @Override
    public String kind() {
      return "field 1";
    }

    @Override
    public Settings settings(Field model) {
      return Settings.none().with("hidden", model.hidden()).with("neighbors", model.rule());
    }

    @Override
    public Field create(Settings settings) {
      return Field.create(settings.integer("hidden", 1, 1024), NeighborRule.of(settings.text("neighbors")),
          Scaler.emptyLogarithm(1), Key.of(0));
    }
  };

  @TempDir
  private Path folder;

  private static Field trained() {
    Tensor masses = Tensor.uniform(Key.of(1), 30, 1).multiply(5).exp().multiply(1e9);
    return Field.create(7, NeighborRule.of("nearest 4 periodic 1.0 1.0 1.0"), Scaler.logarithm(masses), Key.of(2));
  }

  private Path written() throws IOException {
    Path file = folder.resolve("field.safetensors");
    SavedModel.write(file, BLUEPRINT, trained());
    return file;
  }

  @Test
  void aModelWhoseWeightsAreNoNumbersReplacesNone() throws IOException {
    Path file = written();
    byte[] good = Files.readAllBytes(file);
    Field broken = trained();
    Parameter first = broken.network().trainable().getFirst();
    first.refill(first.value().detach().multiply(Double.POSITIVE_INFINITY));
    String message = assertThrows(ArithmeticException.class, () -> SavedModel.write(file, BLUEPRINT, broken))
        .toString();
    assertTrue(message.contains("field.safetensors: entry 0 of network."), message);
    assertArrayEquals(good, Files.readAllBytes(file));
  }

  @Test
  void theReadModelGivesTheBitsOfTheWrittenOne() throws IOException {
    Field back = SavedModel.read(written(), BLUEPRINT);
    double[] positions = new double[60];
    float[] uniform = Key.of(3).uniform(60);
    for (int i = 0; i < positions.length; i++) {
      positions[i] = uniform[i];
    }
    Tensor masses = Tensor.uniform(Key.of(4), 20, 1).add(0.1).multiply(1e11);
    assertArrayEquals(trained().apply(positions, masses).toArray(), back.apply(positions, masses).toArray());
  }

  @Test
  void equalModelsGiveEqualFiles() throws IOException {
    assertEquals(SafeTensors.read(written()), SafeTensors.read(written()));
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheNameOfTheFile() throws IOException {
    refused("its kind is 'tree 1'; 'field 1' is required", (arrays, metadata) -> metadata.put("kind", "tree 1"));
    refused("its kind is 'null'", (arrays, metadata) -> metadata.remove("kind"));
    refused("its format is 'orrery model 2'", (arrays, metadata) -> metadata.put("format", "orrery model 2"));
    refused("there is no hidden", (arrays, metadata) -> metadata.remove("settings.hidden"));
    refused("[depth] are unknown; the model has [hidden, neighbors]",
        (arrays, metadata) -> metadata.put("settings.depth", "3"));
    refused("space: 2147483647 dimensions",
        (arrays, metadata) -> metadata.put("settings.neighbors", "nearest 4 open 2147483647"));
    refused("hidden is '-3'", (arrays, metadata) -> metadata.put("settings.hidden", "-3"));
    refused("hidden is '2000000000'", (arrays, metadata) -> metadata.put("settings.hidden", "2000000000"));
    refused("neighbor rule: 'all of them'", (arrays, metadata) -> metadata.put("settings.neighbors", "all of them"));
    refused("network.0.weight is [7, 5], the model wants [8, 5]",
        (arrays, metadata) -> metadata.put("settings.hidden", "8"));
    refused("tensor masses.scale [1] is missing", (arrays, metadata) -> arrays.remove("masses.scale"));
    refused("the model has no tensor more",
        (arrays, metadata) -> arrays.put("more", NumericArray.of(Shape.of(1), 1f)));
  }

  private void refused(String why, BiConsumer<Map<String, NumericArray>, Map<String, String>> change)
      throws IOException {
    SafeTensors good = SafeTensors.read(written());
    Map<String, NumericArray> arrays = new TreeMap<>(good.arrays());
    Map<String, String> metadata = new TreeMap<>(good.metadata());
    change.accept(arrays, metadata);
    Path file = folder.resolve("bad.safetensors");
    SafeTensors.of(arrays, metadata).write(file);
    var error = assertThrows(FormatException.class, () -> SavedModel.read(file, BLUEPRINT));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.startsWith(file + ": ") && message.contains(why), message);
  }

  @Test
  void settingsAreExactTexts() {
    Settings settings = Settings.none().with("radius", 0.1).with("k", 16).with("radius", 1 / 3.0);
    assertEquals(1 / 3.0, settings.number("radius"));
    assertEquals(16, settings.integer("k", 1, 16));
    assertThrows(IllegalArgumentException.class, () -> settings.integer("radius", 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Settings.none().with("x", "NaN").number("x"));
    assertThrows(IllegalArgumentException.class, () -> Settings.none().with("x", "one").number("x"));
    assertEquals(Settings.of(Map.of("k", "16")), Settings.none().with("k", 16));
  }
}
