package org.orrery.examples.trees;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.orrery.formats.Column;
import org.orrery.formats.MergerForest;
import org.orrery.formats.TreeFiles;
import org.orrery.io.FormatException;

/// Halos of real merger trees with their histories, and how compact they are for their mass: log10 of the half-mass radius less its trend,
/// a straight line in log10 of the number of particles through all halos chosen.
///
/// A halo is chosen where it has enough particles, is late enough, has a progenitor and a half-mass radius. Its history is the subtree
/// that ends in it, with masses in particles.
public final class RadiusSet {
  /// log10 of the number of particles at which a mass is 0 for networks.
  public static final double MASS_UNIT = 2.5;

  private static final List<String> PARTICLES = List.of("np", "particleCount");
  private static final List<String> RADII = List.of("halfmass_radius_mpc_h", "halfmassRadius_mpc_h", "halfmassRadius",
      "halfMassRadius");

  private final List<TreeExample> examples;
  private final int[] groups;
  private final int files;
  private final double scatter;

  /// Which halos are chosen.
  ///
  /// @param particles at least so many
  /// @param redshift at most this one
  public record Cut(int particles, double redshift) {
    /// 150 particles, redshift 0.5.
    public static final Cut USUAL = new Cut(150, 0.5);

    /// @throws IllegalArgumentException where a number is out of range
    public Cut {
      if (particles < 1 || !(redshift >= 0)) {
        throw new IllegalArgumentException("halos: at least " + particles + " particles up to redshift " + redshift
            + "; a positive number and 0 or more are required");
      }
    }
  }

  /// A halo that was chosen.
  private record Chosen(MergerHistory history, double logRadius, int group) {
  }

  private RadiusSet(List<Chosen> chosen, int files) {
    this.files = files;
    int count = chosen.size();
    double[] mass = chosen.stream().mapToDouble(c -> c.history().logMass(0)).toArray();
    double[] radius = chosen.stream().mapToDouble(Chosen::logRadius).toArray();
    double meanMass = IntStream.range(0, count).mapToDouble(i -> mass[i]).average().orElseThrow();
    double meanRadius = IntStream.range(0, count).mapToDouble(i -> radius[i]).average().orElseThrow();
    double products = 0;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      products += (mass[i] - meanMass) * (radius[i] - meanRadius);
      squares += (mass[i] - meanMass) * (mass[i] - meanMass);
    }
    double slope = squares > 0 ? products / squares : 0;
    List<TreeExample> list = new ArrayList<>();
    double variance = 0;
    for (int i = 0; i < count; i++) {
      double rest = radius[i] - meanRadius - slope * (mass[i] - meanMass);
      variance += rest * rest / count;
      list.add(new TreeExample(List.of(chosen.get(i).history()), rest));
    }
    examples = List.copyOf(list);
    groups = chosen.stream().mapToInt(Chosen::group).toArray();
    scatter = Math.sqrt(variance);
  }

  /// Reads files of merger trees of one simulation's particle mass.
  ///
  /// @throws FormatException naming the file, where it is no merger tree, or lacks particle counts, redshifts or half-mass radii; where
  ///   two files have the same halo; or where no halo is chosen
  /// @throws IOException where a file cannot be read
  public static RadiusSet read(List<Path> files, Cut cut) throws IOException {
    List<Chosen> chosen = new ArrayList<>();
    Map<Halo, Path> seen = new HashMap<>();
    int groups = 0;
    for (Path file : files) {
      MergerForest forest = TreeFiles.read(file);
      double[] particles = column(forest, PARTICLES, "number of particles");
      double[] radii = column(forest, RADII, "half-mass radius");
      if (!forest.hasScaleFactors()) {
        throw new FormatException(file + ": there is no redshift; a column of redshifts is required");
      }
      requireNew(file, forest, particles, seen);
      groups += select(forest, particles, radii, cut, groups, chosen);
    }
    if (chosen.isEmpty()) {
      throw new FormatException(
          String.format(Locale.ROOT, "%s: no halo of %d particles or more up to redshift %s has a "
              + "progenitor and a half-mass radius; at least one is required", files, cut.particles(), cut.redshift()));
    }
    return new RadiusSet(chosen, files.size());
  }

  /// What tells halos of several files apart.
  private record Halo(long id, double scaleFactor, double particles) {
  }

  /// The same halo in two files would be trained on and tested with.
  private static void requireNew(Path file, MergerForest forest, double[] particles, Map<Halo, Path> seen)
      throws FormatException {
    long[] ids = forest.ids();
    double[] factors = forest.scaleFactors();
    for (int i = 0; i < ids.length; i++) {
      Path before = seen.put(new Halo(ids[i], factors[i], particles[i]), file);
      if (before != null) {
        throw new FormatException(file + ": halo " + ids[i] + " is in " + before
            + " too; files without common halos are required");
      }
    }
  }

  private static double[] column(MergerForest forest, List<String> names, String what) throws FormatException {
    for (Column column : forest.columns()) {
      if (names.contains(column.name())) {
        return column.doubles();
      }
    }
    throw new FormatException(forest.source() + ": there is no " + what + "; a column of one of the names " + names
        + " is required");
  }

  /// Adds the halos of a file.
  ///
  /// @return how many groups of trees it has
  private static int select(MergerForest forest, double[] particles, double[] radii, Cut cut, int firstGroup,
      List<Chosen> chosen) throws FormatException {
    int[] descendants = forest.descendants();
    double[] factors = forest.scaleFactors();
    List<List<Integer>> progenitors = new ArrayList<>();
    for (int i = 0; i < descendants.length; i++) {
      progenitors.add(new ArrayList<>());
    }
    for (int i = 0; i < descendants.length; i++) {
      if (!(particles[i] >= 1)) {
        throw new FormatException(forest.source() + ": node " + forest.ids()[i] + " has " + particles[i]
            + " particles; 1 or more are required");
      }
      if (descendants[i] >= 0) {
        progenitors.get(descendants[i]).add(i);
      }
    }
    int[] groups = groups(forest);
    for (int i = 0; i < descendants.length; i++) {
      double redshift = 1 / factors[i] - 1;
      if (particles[i] >= cut.particles() && redshift <= cut.redshift() + 1e-9 && radii[i] > 0
          && !progenitors.get(i).isEmpty()) {
        chosen.add(new Chosen(history(i, progenitors, particles, factors), Math.log10(radii[i]),
            firstGroup + groups[i]));
      }
    }
    return 1 + Arrays.stream(groups).max().orElseThrow();
  }

  /// What trees belong together: those of one `treeId` where the file has it, else all of a file.
  private static int[] groups(MergerForest forest) throws FormatException {
    int[] groups = new int[forest.size()];
    if (forest.columns().stream().anyMatch(column -> column.name().equals("treeId"))) {
      long[] trees = forest.column("treeId").longs();
      Map<Long, Integer> numbers = new HashMap<>();
      for (int i = 0; i < groups.length; i++) {
        int next = numbers.size();
        groups[i] = numbers.computeIfAbsent(trees[i], tree -> next);
      }
    }
    return groups;
  }

  private static MergerHistory history(int root, List<List<Integer>> progenitors, double[] particles,
      double[] factors) {
    List<Integer> nodes = new ArrayList<>(List.of(root));
    List<Integer> descendants = new ArrayList<>(List.of(-1));
    for (int k = 0; k < nodes.size(); k++) {
      for (int progenitor : progenitors.get(nodes.get(k))) {
        nodes.add(progenitor);
        descendants.add(k);
      }
    }
    return new MergerHistory(descendants.stream().mapToInt(d -> d).toArray(),
        nodes.stream().mapToDouble(node -> Math.log10(particles[node])).toArray(),
        nodes.stream().mapToDouble(node -> 1 / factors[node] - 1).toArray());
  }

  /// The halos; the truth of each is how far log10 of its radius lies above the trend.
  public List<TreeExample> examples() {
    return examples;
  }

  /// The group of trees of each halo: halos of one group have common progenitors or neighbors, and stay together.
  public int[] groups() {
    return groups.clone();
  }

  /// How many files were read.
  public int files() {
    return files;
  }

  /// The standard deviation about the trend, dex.
  public double scatter() {
    return scatter;
  }

  /// Divides halos into parts of whole groups: the largest group first, each into the part with the fewest halos so far.
  ///
  /// @return the part of each halo
  /// @throws IllegalArgumentException where there are fewer groups than parts
  public int[] folds(int parts) {
    Map<Integer, Integer> sizes = new TreeMap<>();
    for (int group : groups) {
      sizes.merge(group, 1, Integer::sum);
    }
    if (sizes.size() < parts) {
      throw new IllegalArgumentException(
          "folds: " + sizes.size() + " trees or forests with chosen halos; at least " + parts
              + " are required, so that none is trained on and tested with");
    }
    List<Map.Entry<Integer, Integer>> largestFirst = sizes.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> -entry.getValue())).toList();
    int[] load = new int[parts];
    Map<Integer, Integer> fold = new HashMap<>();
    for (Map.Entry<Integer, Integer> group : largestFirst) {
      int least = IntStream.range(0, parts).boxed().min(Comparator.comparingInt(part -> load[part])).orElseThrow();
      fold.put(group.getKey(), least);
      load[least] += group.getValue();
    }
    return Arrays.stream(groups).map(group -> fold.getOrDefault(group, 0)).toArray();
  }

  /// Marks by 1 at least a sixth of these halos, whole groups, the smallest first; the others by 0.
  static int[] smallGroups(int[] groups, int[] halos) {
    Map<Integer, Integer> sizes = new TreeMap<>();
    for (int i : halos) {
      sizes.merge(groups[i], 1, Integer::sum);
    }
    List<Map.Entry<Integer, Integer>> smallestFirst = sizes.entrySet().stream()
        .sorted(Map.Entry.comparingByValue()).toList();
    int[] marks = new int[groups.length];
    int marked = 0;
    for (Map.Entry<Integer, Integer> group : smallestFirst.subList(0, smallestFirst.size() - 1)) {
      if (6 * marked < halos.length) {
        for (int i : halos) {
          marks[i] = groups[i] == group.getKey() ? 1 : marks[i];
        }
        marked += group.getValue();
      }
    }
    return marks;
  }
}
