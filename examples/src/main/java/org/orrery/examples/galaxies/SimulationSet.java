package org.orrery.examples.galaxies;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.orrery.cosmology.Catalog;
import org.orrery.cosmology.Cosmology;
import org.orrery.cosmology.LinearField;
import org.orrery.cosmology.LinearPower;
import org.orrery.cosmology.PeakPatches;
import org.orrery.inference.PriorBox;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.tensor.Key;
import org.orrery.tensor.Shape;
import org.orrery.tensor.cpu.Parallel;

/// Boxes of halos over a Latin hypercube of universes, kept in one file with what made them.
public final class SimulationSet {
  /// The parameters that vary.
  public static final List<String> PARAMETERS = List.of("Omega_m", "sigma_8");
  /// Where they lie.
  public static final PriorBox PRIOR = PriorBox.of(new double[] {0.1, 0.6}, new double[] {0.5, 1.0});

  private static final String FORMAT = "orrery simulations 1";

  private final Recipe recipe;
  private final List<Simulation> boxes;

  /// What is simulated.
  ///
  /// @param boxes how many
  /// @param side of a box, Mpc/h
  /// @param cells along a side
  /// @param halos kept of each, the heaviest
  /// @param seed of everything
  public record Recipe(int boxes, double side, int cells, int halos, long seed) {
    /// @throws IllegalArgumentException where a number is not positive
    public Recipe {
      if (boxes < 1 || halos < 2 || !(side > 0)) {
        throw new IllegalArgumentException("simulations: " + boxes + " boxes of " + side + " Mpc/h with " + halos
            + " halos; at least 1 box of a positive side and 2 halos are required");
      }
    }

    private Map<String, String> texts() {
      return new TreeMap<>(Map.of("boxes", Integer.toString(boxes), "side", Double.toString(side), "cells",
          Integer.toString(cells), "halos", Integer.toString(halos), "seed", Long.toString(seed)));
    }
  }

  private SimulationSet(Recipe recipe, List<Simulation> boxes) {
    this.recipe = recipe;
    this.boxes = List.copyOf(boxes);
  }

  /// Boxes that are there already.
  ///
  /// @param recipe what they are; 0 cells where somebody else simulated them
  /// @throws IllegalArgumentException where their number differs from the recipe's
  static SimulationSet of(Recipe recipe, List<Simulation> boxes) {
    if (boxes.size() != recipe.boxes()) {
      throw new IllegalArgumentException(
          "simulations: " + boxes.size() + " boxes; " + recipe.boxes() + " are required");
    }
    return new SimulationSet(recipe, boxes);
  }

  /// Simulates all boxes, several at once.
  ///
  /// @param finished hears how many boxes are done, from any thread
  /// @throws IllegalArgumentException where a box has fewer halos than are wanted
  public static SimulationSet simulate(Recipe recipe, IntConsumer finished) {
    Key key = Key.of(recipe.seed());
    int[][] strata = {key.fold("first").permutation(recipe.boxes()), key.fold("second").permutation(recipe.boxes())};
    Simulation[] made = new Simulation[recipe.boxes()];
    AtomicInteger done = new AtomicInteger();
    Parallel.current().forEach(made.length, i -> {
      double[] parameters = new double[2];
      for (int p = 0; p < 2; p++) {
        parameters[p] = PRIOR.low(p) + (PRIOR.high(p) - PRIOR.low(p)) * (strata[p][i] + 0.5) / recipe.boxes();
      }
      made[i] = box(recipe, parameters, key.fold("box").fold(i));
      finished.accept(done.incrementAndGet());
    });
    return new SimulationSet(recipe, List.of(made));
  }

  private static Simulation box(Recipe recipe, double[] parameters, Key key) {
    LinearPower power = new LinearPower(Cosmology.of(parameters[0], parameters[1]));
    LinearField field = LinearField.draw(power, recipe.side(), recipe.cells(), key);
    Catalog halos = PeakPatches.of(field).halos(field, recipe.halos());
    if (halos.size() < recipe.halos()) {
      throw new IllegalArgumentException("simulations: a box of " + recipe.side() + " Mpc/h has " + halos.size()
          + " halos; " + recipe.halos() + " are wanted");
    }
    return new Simulation(parameters[0], parameters[1], halos);
  }

  /// What was simulated.
  public Recipe recipe() {
    return recipe;
  }

  /// The boxes.
  public List<Simulation> boxes() {
    return boxes;
  }

  /// Writes or replaces a file, as a whole or not at all. Numbers are rounded to float32.
  ///
  /// @throws IOException where that fails
  public void write(Path file) throws IOException {
    int halos = recipe.halos();
    float[] positions = new float[3 * halos * boxes.size()];
    float[] velocities = new float[positions.length];
    float[] masses = new float[halos * boxes.size()];
    double[] parameters = new double[2 * boxes.size()];
    for (int b = 0; b < boxes.size(); b++) {
      Simulation box = boxes.get(b);
      copy(box.halos().positions(), positions, 3 * halos * b);
      copy(box.halos().velocities(), velocities, 3 * halos * b);
      copy(box.halos().masses(), masses, halos * b);
      System.arraycopy(box.parameters(), 0, parameters, 2 * b, 2);
    }
    Map<String, NumericArray> arrays = new LinkedHashMap<>();
    arrays.put("positions", NumericArray.of(Shape.of(boxes.size(), halos, 3), positions));
    arrays.put("velocities", NumericArray.of(Shape.of(boxes.size(), halos, 3), velocities));
    arrays.put("masses", NumericArray.of(Shape.of(boxes.size(), halos), masses));
    arrays.put("parameters", NumericArray.of(Shape.of(boxes.size(), 2), parameters));
    Map<String, String> metadata = recipe.texts();
    metadata.put("format", FORMAT);
    SafeTensors.of(arrays, metadata).write(file);
  }

  private static void copy(double[] from, float[] to, int at) {
    for (int i = 0; i < from.length; i++) {
      to[at + i] = (float) from[i];
    }
  }

  /// Reads a file.
  ///
  /// @throws FormatException naming the file, where it is not one of these
  /// @throws IOException where it cannot be read
  public static SimulationSet read(Path file) throws IOException {
    SafeTensors content = SafeTensors.read(file);
    if (!FORMAT.equals(content.metadata().get("format"))) {
      throw new FormatException(file + ": no set of simulations; its metadata must say format = " + FORMAT);
    }
    try {
      Map<String, String> texts = content.metadata();
      Recipe recipe = new Recipe(Integer.parseInt(texts.getOrDefault("boxes", "")),
          Double.parseDouble(texts.getOrDefault("side", "")), Integer.parseInt(texts.getOrDefault("cells", "")),
          Integer.parseInt(texts.getOrDefault("halos", "")), Long.parseLong(texts.getOrDefault("seed", "")));
      int halos = recipe.halos();
      double[] positions = array(content, "positions", Shape.of(recipe.boxes(), halos, 3));
      double[] velocities = array(content, "velocities", Shape.of(recipe.boxes(), halos, 3));
      double[] masses = array(content, "masses", Shape.of(recipe.boxes(), halos));
      double[] parameters = array(content, "parameters", Shape.of(recipe.boxes(), 2));
      List<Simulation> boxes = new ArrayList<>();
      for (int b = 0; b < recipe.boxes(); b++) {
        double[] x = part(positions, b, 3 * halos);
        double largest = Math.nextDown(recipe.side());
        IntStream.range(0, x.length).filter(i -> x[i] == recipe.side()).forEach(i -> x[i] = largest); // rounded up
        Catalog catalog = Catalog.of(recipe.side(), x, part(velocities, b, 3 * halos), part(masses, b, halos));
        boxes.add(new Simulation(parameters[2 * b], parameters[2 * b + 1], catalog));
      }
      return new SimulationSet(recipe, boxes);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  private static double[] array(SafeTensors content, String name, Shape shape) throws FormatException {
    NumericArray array = content.array(name);
    if (!array.shape().equals(shape)) {
      throw new IllegalArgumentException(name + " is " + array.shape() + "; " + shape + " is required");
    }
    return array.doubles();
  }

  private static double[] part(double[] all, int box, int size) {
    return Arrays.copyOfRange(all, box * size, (box + 1) * size);
  }
}
