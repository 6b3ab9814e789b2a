package org.orrery.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.orrery.io.FormatException;

/// The parameters of the simulations of a CAMELS set: `CosmoAstroSeed_SUITE_LBOX_SET.txt`. Villaescusa-Navarro et al.
/// 2021, 2023.
///
/// The first line names the columns: a name, then parameters such as `Omega_m`, `sigma_8` and those of the galaxies,
/// and a last column `seed`, with up to ten digits.
public final class CamelsParameters {
  private final List<String> names;
  private final NumberTable table;

  private CamelsParameters(List<String> names, NumberTable table) {
    this.names = List.copyOf(names);
    this.table = table;
  }

  /// Reads a whole file.
  ///
  /// @throws FormatException naming the file, and simulation or line, what came and what is required; so where a
  ///     parameter is not finite, or a density or amplitude is not positive
  /// @throws IOException where the file cannot be read
  public static CamelsParameters read(Path file) throws IOException {
    NumberTable table = TextTable.read(file, line -> false).table();
    if (table.texts().size() != 1) {
      throw new FormatException(file + ": columns of text " + table.texts()
          + "; one, with the name of the simulation, is required");
    }
    List<String> names = names(file);
    for (String required : List.of("Omega_m", "sigma_8")) {
      double[] values = table.column(required).doubles();
      for (int i = 0; i < values.length; i++) {
        if (!(values[i] > 0)) {
          throw new FormatException(file + ": " + required + " of " + names.get(i) + " is " + values[i]
              + "; a positive number is required");
        }
      }
    }
    for (Column column : table.columns()) {
      double[] values = column.doubles();
      for (int i = 0; i < values.length; i++) {
        if (!Double.isFinite(values[i])) {
          throw new FormatException(
              file + ": " + column.name() + " of " + names.get(i) + " is " + values[i]
                  + "; a finite number is required");
        }
      }
    }
    return new CamelsParameters(names, table);
  }

  private static List<String> names(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    try (InputFile.RowReader in = InputFile.characters(file); BufferedReader lines = new BufferedReader(in)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        in.nextRow();
        String text = line.strip();
        if (!text.isEmpty() && !text.startsWith("#")) {
          names.add(text.split("\\s+")[0]);
        }
      }
    }
    return names;
  }

  /// How many simulations there are.
  public int size() {
    return table.rows();
  }

  /// The names of the simulations, as in `LH_0`.
  public List<String> simulations() {
    return names;
  }

  /// The names of the parameters, the seed left out.
  public List<String> parameters() {
    return table.columns().stream().map(Column::name).filter(name -> !name.equals("seed")).toList();
  }

  /// `[simulations]`: one parameter.
  ///
  /// @throws FormatException naming the parameters that there are, where there is none of that name
  public double[] values(String parameter) throws FormatException {
    return table.column(parameter).doubles();
  }

  /// `[simulations]`: the seeds of the initial conditions, with 64 bits.
  ///
  /// @throws FormatException where there are none
  public long[] seeds() throws FormatException {
    return CatalogLayout.whole(table, "seed");
  }

  /// What one simulation assumes; of the universe CAMELS varies these two.
  ///
  /// @throws IndexOutOfBoundsException where there is no such simulation
  public StatedCosmology cosmology(int simulation) {
    try {
      double matter = table.column("Omega_m").doubles()[simulation];
      double amplitude = table.column("sigma_8").doubles()[simulation];
      return new StatedCosmology(OptionalDouble.of(matter), OptionalDouble.of(1 - matter), OptionalDouble.empty(),
          OptionalDouble.empty(), OptionalDouble.of(amplitude));
    } catch (FormatException impossible) {
      throw new IllegalStateException(impossible); // both were read
    }
  }

  /// Names and shapes of the parameters.
  @Override
  public String toString() {
    return table.toString();
  }
}
