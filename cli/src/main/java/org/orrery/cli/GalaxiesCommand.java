package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.galaxies.Budget;
import org.orrery.examples.galaxies.CatalogFile;
import org.orrery.examples.galaxies.CatalogFolder;
import org.orrery.examples.galaxies.Feature;
import org.orrery.examples.galaxies.GalaxyStudy;
import org.orrery.examples.galaxies.HaloDesign;
import org.orrery.examples.galaxies.HaloGraph;
import org.orrery.examples.galaxies.HaloModel;
import org.orrery.examples.galaxies.PosteriorForm;
import org.orrery.examples.galaxies.Simulation;
import org.orrery.examples.galaxies.SimulationSet;
import org.orrery.examples.galaxies.TrainedHaloModel;
import org.orrery.formats.LengthUnit;
import org.orrery.formats.MassUnit;
import org.orrery.io.WholeFile;
import org.orrery.report.GalaxyPage;
import org.orrery.training.SavedModel;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [GalaxyStudy].
@Command(name = "galaxies", mixinStandardHelpOptions = true, description = "Simulate boxes of halos, learn Omega_m and sigma_8 from them, audit the posteriors and write a page.")
final class GalaxiesCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--simulations", paramLabel = "N", defaultValue = "3000", description = "How many boxes, of which a tenth validate and a tenth test. Default: ${DEFAULT-VALUE}")
  private int simulations;

  @Option(names = "--minutes", paramLabel = "M", description = "Choose size and number of boxes so that all is done after about so many minutes on this machine; what was chosen, the boxes and the trainings stay in the folder of --out, and the same command goes on from there. Not with --simulations")
  private @Nullable Double minutes;

  @Option(names = "--side", paramLabel = "L", defaultValue = "200", description = "Side of a box, Mpc/h. Default: ${DEFAULT-VALUE}")
  private double side;

  @Option(names = "--cells", paramLabel = "N", defaultValue = "64", description = "Cells along a side of a simulated field. Default: ${DEFAULT-VALUE}")
  private int cells;

  @Option(names = "--halos", paramLabel = "N", defaultValue = "300", description = "How many halos of a box are kept, the heaviest. Default: ${DEFAULT-VALUE}")
  private int halos;

  @Option(names = "--test", paramLabel = "N", description = "How many boxes test. Default: a tenth")
  private @Nullable Integer test;

  @Option(names = "--data", paramLabel = "BOXES", description = "Keep the boxes in this file, or take them from there where it exists; or somebody's catalogs in a folder with a table of parameters")
  private @Nullable Path data;

  @Option(names = "--features", paramLabel = "LIST", defaultValue = "positions,velocities", description = "What is known of each halo: positions, and any of velocities, line-of-sight-velocities, masses. Default: ${DEFAULT-VALUE}")
  private String features;

  @Option(names = "--radius", paramLabel = "R", defaultValue = "35", description = "Halos up to this far apart are joined, Mpc/h. Default: ${DEFAULT-VALUE}")
  private double radius;

  @Option(names = "--model", paramLabel = "NAME", defaultValue = "orrery", description = "orrery, cosmographnet, de-santi, paper (the plain mean as center), set-transformer or deep-sets. Default: ${DEFAULT-VALUE}")
  private String design;

  @Option(names = "--posterior", paramLabel = "FORM", defaultValue = "normal", description = "normal, diagonal, moment, mixture or flow. Default: ${DEFAULT-VALUE}")
  private String posterior;

  @Option(names = "--rounds", paramLabel = "N", defaultValue = "2", description = "Rounds of message passing. Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(names = "--channels", paramLabel = "N", defaultValue = "32", description = "Channels of the network. Default: ${DEFAULT-VALUE}")
  private int channels;

  @Option(names = "--epochs", paramLabel = "N", defaultValue = "25", description = "How often every box is seen. Default: ${DEFAULT-VALUE}")
  private int epochs;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "1", description = "How many networks are trained, each from a start of its own; the page has mean and spread. Default: ${DEFAULT-VALUE}")
  private int seeds;

  @Option(names = "--blind-to-counts", description = "Nothing is told the number of halos: pooling by mean and deviation alone.")
  private boolean blind;

  @Option(names = "--box", paramLabel = "L", description = "The side of the boxes of --data DIR in Mpc/h, where its files do not say")
  private @Nullable Double box;

  @Option(names = "--columns", paramLabel = "NAMES", defaultValue = "x,y,z,vx,vy,vz,mass", description = "The columns of tables of --data DIR, in Mpc/h, km/s and M_sun/h. Default: ${DEFAULT-VALUE}")
  private String columns;

  @Option(names = "--no-positions-alone", description = "Do not train a network and baselines of positions alone too.")
  private boolean featuresOnly;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where randomness starts. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--out", paramLabel = "DIR", defaultValue = "galaxies", description = "The folder for report.html, result.json and model.safetensors. Default: ${DEFAULT-VALUE}")
  private Path folder;

  @Mixin
  private TrainingOptions training = new TrainingOptions();

  @Override
  public Integer call() throws Exception {
    SimulationSet own = data != null && Files.isDirectory(data) ? catalogs(data) : null;
    GalaxyStudy.Options options = options(own);
    Budget limit = minutes == null ? null : budget(minutes);
    Files.createDirectories(folder);
    Path page = WholeFile.requireWritable(folder.resolve("report.html"));
    Path numbers = WholeFile.requireWritable(folder.resolve("result.json"));
    Path model = WholeFile.requireWritable(folder.resolve("model.safetensors"));
    if (limit != null) {
      training.keepIn(folder.resolve("training.safetensors"));
    }
    return training.attend(options.trainings().size(), how -> {
      PrintWriter out = spec.commandLine().getOut();
      GalaxyStudy study = limit == null
          ? new GalaxyStudy(options, out)
          : GalaxyStudy.within(limit, options, folder.resolve("plan.properties"), out);
      List<String> titles = options.trainings();
      String again = command(study.options());
      out.println(again);
      out.flush();
      SimulationSet set = own != null
          ? own
          : study.simulations(limit != null && data == null ? folder.resolve("boxes.safetensors") : data);
      GalaxyStudy.Outcome outcome = study.run(set,
          IntStream.range(0, titles.size()).mapToObj(r -> how.at(r, titles.get(r))).toList(), List.of(again));
      List<Simulation> boxes = set.boxes();
      int trained = study.options().training();
      SavedModel.write(model, new TrainedHaloModel.Format(), TrainedHaloModel.of(outcome.model(), outcome.factor(),
          set.recipe(), boxes.subList(0, trained), boxes.subList(trained, trained + study.options().validation())));
      GalaxyPage.write(outcome.withHash("model.safetensors, SHA-256", model).result(), page);
      out.printf(Locale.ROOT, "wrote %s, %s and %s%n", page, numbers, model);
      out.flush();
    });
  }

  private Budget budget(double limit) {
    try {
      return new Budget(limit);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private GalaxyStudy.Options options(@Nullable SimulationSet own) throws IOException {
    try {
      SimulationSet.Recipe recipe = own == null
          ? new SimulationSet.Recipe(simulations, side, cells, halos, seed)
          : own.recipe();
      GalaxyStudy.Options usual = GalaxyStudy.Options.of(recipe.boxes(), seed);
      if (own != null && minutes != null) {
        throw new IllegalArgumentException("--minutes chooses simulated boxes; --data DIR cannot be combined with it");
      }
      if (minutes != null && spec.commandLine().getParseResult().hasMatchedOption("--simulations")) {
        throw new IllegalArgumentException("--minutes chooses the boxes; --simulations cannot be combined with it");
      }
      return new GalaxyStudy.Options(recipe, Feature.parse(features), radius,
          new HaloModel.Options(rounds, channels, model(), PosteriorForm.parse(posterior)), epochs, usual.validation(),
          test == null ? usual.test() : test,
          blind ? HaloGraph.Counts.HIDDEN : HaloGraph.Counts.SEEN, seeds,
          featuresOnly ? GalaxyStudy.Beside.NOTHING : GalaxyStudy.Beside.POSITIONS_ALONE);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private SimulationSet catalogs(Path catalogs) throws IOException {
    try {
      return CatalogFolder.read(catalogs, halos,
          CatalogFile.Columns.named(columns, LengthUnit.MPC_PER_H, MassUnit.SOLAR_PER_H),
          box == null ? OptionalDouble.empty() : OptionalDouble.of(box), seed);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private HaloDesign model() {
    HaloDesign chosen = HaloDesign.parse(design);
    chosen.require(Feature.parse(features));
    return chosen;
  }

  /// What makes the page again.
  private String command(GalaxyStudy.Options chosen) {
    SimulationSet.Recipe recipe = chosen.recipe();
    String boxes = data != null && Files.isDirectory(data) ? " --data " + data : "";
    return String.format(Locale.ROOT, "./orrery galaxies --simulations %d --side %s --cells %d --halos %d --test %d "
        + "--features %s --radius %s --rounds %d --channels %d "
        + "--model %s --posterior %s --epochs %d --seeds %d --seed %d%s%s", recipe.boxes(),
        recipe.side(), recipe.cells(), recipe.halos(), chosen.test(), features, radius, rounds, channels, design,
        posterior, epochs, seeds, seed, blind ? " --blind-to-counts" : "", featuresOnly ? " --no-positions-alone" : "")
        + boxes;
  }
}
