package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.orrery.cosmology.Catalog;
import org.orrery.examples.galaxies.CatalogFile;
import org.orrery.examples.galaxies.SimulationSet;
import org.orrery.examples.galaxies.TrainedHaloModel;
import org.orrery.formats.LengthUnit;
import org.orrery.formats.MassUnit;
import org.orrery.inference.CredibleInterval;
import org.orrery.inference.Posterior;
import org.orrery.io.FormatException;
import org.orrery.io.WholeFile;
import org.orrery.report.FiniteJson;
import org.orrery.training.SavedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Applies what `galaxies` has saved to a catalog.
@Command(name = "infer", mixinStandardHelpOptions = true, description = "Infer Omega_m and sigma_8 from a catalog by a model of ./orrery galaxies, and say whether the catalog looks like what it was trained on.", footer = "Ends with 3 where the catalog does not look like it.")
final class InferCommand implements Callable<Integer> {
  /// The exit code where the catalog is unlike the boxes of training.
  static final int UNLIKE = 3;

  @Spec
  private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "model.safetensors, as ./orrery galaxies writes it")
  private Path model;

  @Parameters(index = "1", paramLabel = "CATALOG", description = "Groups of SUBFIND (.hdf5), halos of Rockstar (.list), or a table (.csv, .csv.gz, .fits, .npz)")
  private Path catalog;

  @Option(names = "--box", paramLabel = "L", description = "The side of the periodic box in Mpc/h, where the file does not say")
  private @Nullable Double box;

  @Option(names = "--columns", paramLabel = "NAMES", defaultValue = "x,y,z,vx,vy,vz,mass", description = "The columns of a table. Default: ${DEFAULT-VALUE}")
  private String columns;

  @Option(names = "--length", paramLabel = "UNIT", defaultValue = "Mpc/h", description = "The unit of the positions of a table: Mpc/h or kpc/h. Default: ${DEFAULT-VALUE}")
  private String length;

  @Option(names = "--mass", paramLabel = "UNIT", defaultValue = "M_sun/h", description = "The unit of the masses of a table: M_sun/h or 1e10 M_sun/h. Default: ${DEFAULT-VALUE}")
  private String mass;

  @Option(names = "--out", paramLabel = "FILE.json", description = "Write the numbers here")
  private @Nullable Path out;

  @Override
  public Integer call() throws Exception {
    CatalogFile.Columns layout = layout();
    if (box != null && !(box > 0 && box < Double.POSITIVE_INFINITY)) {
      throw new ParameterException(spec.commandLine(), "--box: " + box + "; a positive side in Mpc/h is required");
    }
    if (out != null) {
      WholeFile.requireWritable(out);
    }
    TrainedHaloModel trained = SavedModel.read(model, new TrainedHaloModel.Format());
    Catalog objects = CatalogFile.read(catalog, layout, box == null ? OptionalDouble.empty() : OptionalDouble.of(box));
    TrainedHaloModel.Answer answer = answer(trained, objects);
    print(answer, trained);
    if (out != null) {
      String json = FiniteJson.pretty(numbers(answer));
      WholeFile.write(out, stream -> stream.write(json.getBytes(StandardCharsets.UTF_8)));
    }
    return answer.verdict().alarm() ? UNLIKE : 0;
  }

  private TrainedHaloModel.Answer answer(TrainedHaloModel trained, Catalog objects) throws IOException {
    try {
      return trained.answer(objects);
    } catch (IllegalArgumentException wrong) {
      throw new FormatException(catalog + ": " + wrong.getMessage(), wrong);
    }
  }

  private CatalogFile.Columns layout() {
    try {
      return CatalogFile.Columns.named(columns, LengthUnit.stated(length, OptionalDouble.empty()),
          MassUnit.stated(mass, OptionalDouble.empty()));
    } catch (IllegalArgumentException | FormatException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private void print(TrainedHaloModel.Answer answer, TrainedHaloModel trained) {
    PrintWriter page = spec.commandLine().getOut();
    Posterior posterior = answer.posterior();
    double[][] covariance = posterior.covariance();
    for (int p = 0; p < SimulationSet.PARAMETERS.size(); p++) {
      CredibleInterval within = posterior.credibleInterval(p, 0.68);
      page.printf(Locale.ROOT, "%-8s %.4f +- %.4f   68 %% in %.4f to %.4f%n", SimulationSet.PARAMETERS.get(p),
          posterior.mean()[p], Math.sqrt(covariance[p][p]), within.low(), within.high());
    }
    page.printf(Locale.ROOT, "correlation %.2f; the %d heaviest objects of a box of %s Mpc/h%n",
        covariance[0][1] / Math.sqrt(covariance[0][0] * covariance[1][1]), trained.halos(), trained.side());
    String numbers = answer.unusual().stream()
        .map(number -> String.format(Locale.ROOT, "%s %+.1f sigma", number.name(), number.deviations()))
        .collect(Collectors.joining(", "));
    page.printf(Locale.ROOT, "%s: p = %.3f, %s at %.3f; farthest off: %s%n",
        answer.verdict().alarm()
            ? "The catalog does NOT look like the boxes of training; do not believe the numbers above"
            : "The catalog looks like the boxes of training",
        answer.verdict().pValue(), answer.verdict().alarm() ? "alarm" : "no alarm", answer.alarmRate(), numbers);
    page.flush();
  }

  private static Map<String, Object> numbers(TrainedHaloModel.Answer answer) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("parameters", SimulationSet.PARAMETERS);
    all.put("mean", answer.posterior().mean());
    all.put("covariance", answer.posterior().covariance());
    List<List<Double>> intervals = new ArrayList<>();
    for (int p = 0; p < SimulationSet.PARAMETERS.size(); p++) {
      CredibleInterval within = answer.posterior().credibleInterval(p, 0.68);
      intervals.add(List.of(within.low(), within.high()));
    }
    all.put("interval68", intervals);
    all.put("distance", answer.verdict().distance());
    all.put("pValue", answer.verdict().pValue());
    all.put("alarmRate", answer.alarmRate());
    all.put("alarm", answer.verdict().alarm());
    Map<String, Double> unusual = new LinkedHashMap<>();
    answer.unusual().forEach(number -> unusual.put(number.name(), number.deviations()));
    all.put("farthestOff", unusual);
    return all;
  }
}
