package org.orrery.examples.camels;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.orrery.formats.CamelsParameters;
import org.orrery.io.FormatException;
import org.orrery.io.NumPy;
import org.orrery.io.NumericArray;

/// The power spectra of galaxies of one CAMELS suite at several snapshots, with the parameters of each simulation.
///
/// In a folder: `Pk_galaxies_SUITE_LH_SNAPSHOT_kmax=20.0.npy`, `[simulations, k]` in (Mpc/h)^3, row i of simulation i;
/// `CosmoAstroSeed_SUITE_L25n256_LH.txt`; `k_values.txt`, h/Mpc. Snapshot 33 is z = 0; lower numbers are earlier.
public final class SpectrumSet {
  /// What is inferred.
  public static final List<String> PARAMETERS = List.of("Omega_m", "sigma_8");
  private static final Pattern NAME = Pattern.compile("Pk_galaxies_([A-Za-z0-9]+)_LH_(\\d{1,6})_kmax=.*\\.npy");
  private static final int MOST_SIMULATIONS = 100_000;

  private final String suite;
  private final List<Integer> snapshots;
  private final double[] k;
  private final double[][][] logPower;
  private final double[][] parameters;

  private SpectrumSet(String suite, List<Integer> snapshots, double[] k, double[][][] logPower, double[][] parameters) {
    this.suite = suite;
    this.snapshots = List.copyOf(snapshots);
    this.k = k;
    this.logPower = logPower;
    this.parameters = parameters;
  }

  /// The suites of which a folder has spectra.
  ///
  /// @throws FormatException where there are none, with the names that are required
  /// @throws IOException where the folder cannot be read
  public static List<String> suites(Path folder) throws IOException {
    List<String> suites = new ArrayList<>(files(folder).keySet());
    if (suites.isEmpty()) {
      throw new FormatException(
          folder + ": no spectra; files Pk_galaxies_SUITE_LH_SNAPSHOT_kmax=20.0.npy are required");
    }
    return suites;
  }

  private static Map<String, Map<Integer, Path>> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new FormatException(folder + ": no folder; one with spectra of CAMELS is required");
    }
    Map<String, Map<Integer, Path>> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (name.matches()) {
          found.computeIfAbsent(name.group(1), any -> new TreeMap<Integer, Path>(Comparator.reverseOrder()))
              .put(Integer.parseInt(name.group(2)), file);
        }
      }
    }
    return found;
  }

  /// Reads all snapshots of a suite, the latest first.
  ///
  /// @throws FormatException naming the file, where one is missing, or sizes do not fit, or a power is not positive and finite
  /// @throws IOException where a file cannot be read
  public static SpectrumSet read(Path folder, String suite) throws IOException {
    Map<Integer, Path> files = files(folder).get(suite);
    if (files == null) {
      throw new FormatException(folder + ": no spectra of suite " + suite + "; there are " + suites(folder));
    }
    double[] k = wavenumbers(folder.resolve("k_values.txt"));
    CamelsParameters stated = CamelsParameters
        .read(folder.resolve("CosmoAstroSeed_" + suite + "_L25n256_LH.txt"));
    int simulations = stated.size();
    if (simulations < 1 || simulations > MOST_SIMULATIONS) {
      throw new FormatException(folder + ": parameters of " + simulations + " simulations; 1 to " + MOST_SIMULATIONS
          + " are required");
    }
    double[][] parameters = new double[simulations][PARAMETERS.size()];
    for (int p = 0; p < PARAMETERS.size(); p++) {
      double[] values = stated.values(PARAMETERS.get(p));
      for (int i = 0; i < simulations; i++) {
        parameters[i][p] = values[i];
      }
    }
    double[][][] logPower = new double[files.size()][][];
    int at = 0;
    for (Path file : files.values()) {
      logPower[at++] = logarithms(file, simulations, k.length);
    }
    return new SpectrumSet(suite, new ArrayList<>(files.keySet()), k, logPower, parameters);
  }

  private static double[] wavenumbers(Path file) throws IOException {
    List<Double> k = new ArrayList<>();
    int line = 0;
    for (String text : Files.readAllLines(file)) {
      line++;
      if (!text.isBlank() && !text.startsWith("#")) {
        k.add(wavenumber(file, line, text.strip()));
      }
    }
    if (k.isEmpty()) {
      throw new FormatException(file + ": no wavenumber");
    }
    return k.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static double wavenumber(Path file, int line, String text) throws FormatException {
    try {
      double k = Double.parseDouble(text);
      if (k > 0 && k < Double.POSITIVE_INFINITY) {
        return k;
      }
    } catch (NumberFormatException none) {
      throw new FormatException(file + ", line " + line + ": '" + text + "'; a wavenumber in h/Mpc is required", none);
    }
    throw new FormatException(file + ", line " + line + ": '" + text + "'; a positive wavenumber is required");
  }

  private static double[][] logarithms(Path file, int simulations, int width) throws IOException {
    NumericArray array = NumPy.read(file);
    if (array.shape().rank() != 2 || array.shape().size(0) != simulations || array.shape().size(1) != width) {
      throw new FormatException(file + ": " + array.shape() + "; [" + simulations + ", " + width
          + "] is required, by the parameters and wavenumbers beside it");
    }
    double[] power = array.doubles();
    double[][] rows = new double[simulations][width];
    for (int i = 0; i < power.length; i++) {
      if (!(power[i] > 0 && power[i] < Double.POSITIVE_INFINITY)) {
        throw new FormatException(
            String.format(Locale.ROOT, "%s: power %d of simulation %d is %s; a positive finite one is "
                + "required", file, i % width, i / width, power[i]));
      }
      rows[i / width][i % width] = Math.log(power[i]);
    }
    return rows;
  }

  /// The name of the suite: the code that simulated it.
  public String suite() {
    return suite;
  }

  /// The numbers of the snapshots, the latest first.
  public List<Integer> snapshots() {
    return snapshots;
  }

  /// The wavenumbers, h/Mpc.
  public double[] wavenumbers() {
    return k.clone();
  }

  /// How many simulations there are.
  public int size() {
    return parameters.length;
  }

  /// ln P at each wavenumber of a simulation at a snapshot (a place in [#snapshots()]), P in (Mpc/h)^3.
  public double[] logPower(int snapshot, int simulation) {
    return logPower[snapshot][simulation].clone();
  }

  /// Omega_m and sigma_8 of a simulation.
  public double[] parameters(int simulation) {
    return parameters[simulation].clone();
  }

  /// The same with the latest snapshots alone.
  ///
  /// @throws IllegalArgumentException where there are not as many
  public SpectrumSet latest(int count) {
    if (count < 1 || count > snapshots.size()) {
      throw new IllegalArgumentException("spectra: " + count + " snapshots; 1 to " + snapshots.size() + " are there");
    }
    return new SpectrumSet(suite, snapshots.subList(0, count), k, Arrays.copyOf(logPower, count), parameters);
  }

  /// How the spectra of all snapshots are summed up for a network: the mean of ln P in bands, narrow at low k, where each
  /// wavenumber has its own, and wide at high k, where neighbors say the same.
  double[] bands(int simulation) {
    int[] edges = edges(k.length);
    double[] bands = new double[snapshots.size() * (edges.length - 1)];
    for (int s = 0; s < snapshots.size(); s++) {
      for (int b = 0; b + 1 < edges.length; b++) {
        double sum = 0;
        for (int j = edges[b]; j < edges[b + 1]; j++) {
          sum += logPower[s][simulation][j];
        }
        bands[s * (edges.length - 1) + b] = sum / (edges[b + 1] - edges[b]);
      }
    }
    return bands;
  }

  /// Each wavenumber at each snapshot.
  double[] all(int simulation) {
    double[] all = new double[snapshots.size() * k.length];
    for (int s = 0; s < snapshots.size(); s++) {
      System.arraycopy(logPower[s][simulation], 0, all, s * k.length, k.length);
    }
    return all;
  }

  /// The mean of ln P at each snapshot: its amplitude alone.
  double[] amplitudes(int simulation) {
    double[] means = new double[snapshots.size()];
    for (int s = 0; s < means.length; s++) {
      for (double value : logPower[s][simulation]) {
        means[s] += value / k.length;
      }
    }
    return means;
  }

  /// Edges of bands, each a quarter wider than the one before and at least one wavenumber.
  private static int[] edges(int width) {
    List<Integer> edges = new ArrayList<>(List.of(0));
    while (edges.getLast() < width) {
      int last = edges.getLast();
      edges.add(Math.min(width, last + Math.max(1, last / 4)));
    }
    return edges.stream().mapToInt(Integer::intValue).toArray();
  }
}
