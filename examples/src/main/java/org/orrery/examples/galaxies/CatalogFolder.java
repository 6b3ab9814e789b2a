package org.orrery.examples.galaxies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.orrery.cosmology.Catalog;
import org.orrery.formats.CamelsParameters;
import org.orrery.io.FormatException;
import org.orrery.tensor.Key;

/// Somebody's simulations: a folder with a catalog of each, and one table of their parameters.
///
/// The table is `CosmoAstroSeed_*.txt` of CAMELS, or a text of that layout: a first line `#Name Omega_m sigma_8 ... seed`, then a line a
/// simulation. The catalog of simulation `LH_7` is the file `LH_7.hdf5`, `LH_7.csv` and so on (see [CatalogFile]), or the only file of the
/// folder `LH_7`. Simulations are put in an order that the seed decides, so that parts of the set are random parts.
public final class CatalogFolder {
  private static final int SEVERAL = 5;

  private CatalogFolder() {
  }

  /// Reads all of them.
  ///
  /// @param halos the heaviest that are kept of each
  /// @param columns of tables
  /// @param side of the boxes in Mpc/h, where the files do not say
  /// @param seed of the order
  /// @throws FormatException naming the folder or file, where there is no table or are several, a catalog is missing or has no line in
  ///     the table, boxes differ in their side, one has too few objects, or numbers cannot be
  /// @throws IOException where a file cannot be read
  public static SimulationSet read(Path folder, int halos, CatalogFile.Columns columns, OptionalDouble side, long seed)
      throws IOException {
    Path table = table(folder);
    CamelsParameters parameters = CamelsParameters.read(table);
    Map<String, Path> catalogs = catalogs(folder, table);
    requireAll(folder, parameters.simulations(), catalogs);
    double[] omegaM = parameters.values("Omega_m");
    double[] sigma8 = parameters.values("sigma_8");
    int[] order = Key.of(seed).fold("catalogs").permutation(parameters.size());
    List<Simulation> boxes = new ArrayList<>();
    for (int place : order) {
      Path file = Objects.requireNonNull(catalogs.get(parameters.simulations().get(place)));
      Catalog objects = CatalogFile.read(file, columns, side);
      if (objects.size() < halos) {
        throw new FormatException(file + ": " + objects.size() + " objects with a mass; " + halos + " are wanted");
      }
      if (!boxes.isEmpty() && Math.abs(objects.side() - boxes.getFirst().halos().side()) > 1e-6 * objects.side()) {
        throw new FormatException(file + ": a box of " + objects.side() + " Mpc/h beside one of "
            + boxes.getFirst().halos().side() + "; boxes of one side are required");
      }
      boxes.add(new Simulation(omegaM[place], sigma8[place], objects.heaviest(halos)));
    }
    return SimulationSet.of(new SimulationSet.Recipe(boxes.size(), boxes.getFirst().halos().side(), 0, halos, seed),
        boxes);
  }

  private static Path table(Path folder) throws IOException {
    List<Path> tables = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(file -> String.valueOf(file.getFileName()).endsWith(".txt")).sorted().forEach(tables::add);
    }
    if (tables.size() != 1) {
      throw new FormatException(
          folder + ": " + tables.size() + " tables of parameters (.txt); one is required, whose first line is "
              + "#Name Omega_m sigma_8 ... seed");
    }
    return tables.getFirst();
  }

  /// The catalogs by the name of their simulation.
  private static Map<String, Path> catalogs(Path folder, Path table) throws IOException {
    Map<String, Path> found = new TreeMap<>();
    List<Path> entries;
    try (Stream<Path> files = Files.list(folder)) {
      entries = files.sorted().toList();
    }
    for (Path entry : entries) {
      String name = String.valueOf(entry.getFileName());
      if (entry.equals(table) || name.startsWith(".")) {
        continue;
      }
      String simulation = Files.isDirectory(entry) || name.indexOf('.') < 1
          ? name
          : name.substring(0, name.indexOf('.'));
      Path former = found.put(simulation, Files.isDirectory(entry) ? only(entry) : entry);
      if (former != null) {
        throw new FormatException(
            folder + ": " + former.getFileName() + " and " + name + " are both catalogs of " + simulation);
      }
    }
    return found;
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      if (all.size() != 1) {
        throw new FormatException(folder + ": " + all.size() + " files; the catalog alone is required");
      }
      return all.getFirst();
    }
  }

  private static void requireAll(Path folder, List<String> simulations, Map<String, Path> catalogs)
      throws FormatException {
    TreeSet<String> missing = new TreeSet<>(simulations);
    missing.removeAll(catalogs.keySet());
    TreeSet<String> unknown = new TreeSet<>(catalogs.keySet());
    unknown.removeAll(simulations);
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw new FormatException(folder + ": " + said(missing, "without a catalog")
          + (missing.isEmpty() || unknown.isEmpty() ? "" : "; ") + said(unknown, "without a line of parameters"));
    }
  }

  private static String said(Set<String> names, String what) {
    return names.isEmpty()
        ? ""
        : names.stream().limit(SEVERAL).toList()
            + (names.size() > SEVERAL ? " and " + (names.size() - SEVERAL) + " more" : "")
            + " " + what;
  }
}
