package org.orrery.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.camels.SpectrumReport;
import org.orrery.examples.camels.SpectrumSet;
import org.orrery.examples.camels.SpectrumStudy;
import org.orrery.io.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [SpectrumStudy].
@Command(name = "camels-pk", mixinStandardHelpOptions = true, description = "Infer Omega_m and sigma_8 from power spectra of galaxies in simulations of CAMELS, fold by fold, and write a page.")
final class CamelsPkCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "A folder with Pk_galaxies_SUITE_LH_SNAPSHOT_kmax=20.0.npy, k_values.txt and CosmoAstroSeed_SUITE_L25n256_LH.txt (github.com/PabloVD/CosmoGraphNet, github.com/franciscovillaescusa/CAMELS)")
  private Path data;

  @Option(names = "--suite", paramLabel = "NAME", description = "IllustrisTNG, SIMBA, ...; default: the first of the folder")
  private @Nullable String suite;

  @Option(names = "--snapshots", paramLabel = "N", description = "How many snapshots, the latest first; 1 is z = 0 alone. Default: all")
  private @Nullable Integer snapshots;

  @Option(names = "--folds", paramLabel = "N", defaultValue = "5", description = "Parts of the simulations, each tested once. Default: ${DEFAULT-VALUE}")
  private int folds;

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "150", description = "How often each of the networks sees its training set. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "3", description = "Repeat everything with other folds and weights. Default: ${DEFAULT-VALUE}")
  private int seeds;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "camels-pk", description = "The folder for report.html and result.json. Default: ${DEFAULT-VALUE}")
  private Path folder;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    SpectrumStudy.Options options;
    try {
      options = new SpectrumStudy.Options(folds, SpectrumStudy.Options.USUAL.members(), epochs, seeds, seed);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
    SpectrumSet all = SpectrumSet.read(data, suite == null ? SpectrumSet.suites(data).getFirst() : suite);
    SpectrumSet set = snapshots == null ? all : all.latest(snapshots);
    SpectrumStudy study = new SpectrumStudy(set, options);
    Files.createDirectories(folder);
    Path page = WholeFile.requireWritable(folder.resolve("report.html"));
    WholeFile.requireWritable(folder.resolve("result.json"));
    return training.attend(options.trainings(), how -> {
      PrintWriter out = spec.commandLine().getOut();
      List<SpectrumStudy.Repeat> repeats = study
          .run(r -> how.at(r, "network " + (r + 1) + " of " + options.trainings()));
      SpectrumReport report = new SpectrumReport(set, repeats, command(set), seed);
      SpectrumReport.Result result = report.result();
      out.print(SpectrumReport.text(result));
      SpectrumReport.write(result, report, page);
      out.printf(Locale.ROOT, "wrote %s and result.json beside it%n", page);
      out.flush();
    });
  }

  private String command(SpectrumSet set) {
    return String.format(Locale.ROOT,
        "./orrery camels-pk --data DIR --suite %s --snapshots %d --folds %d --epochs %d --seeds %d --seed %d",
        set.suite(), set.snapshots().size(), folds, epochs, seeds, seed);
  }
}
