package org.orrery.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.halographnet.GalaxyFile;
import org.orrery.examples.halographnet.Halo;
import org.orrery.examples.halographnet.HaloGraphNet;
import org.orrery.examples.halographnet.HaloWeigher;
import org.orrery.examples.halographnet.WeighReport;
import org.orrery.graph.space.NeighborRule;
import org.orrery.graph.space.Space;
import org.orrery.io.WholeFile;
import org.orrery.tensor.Key;
import org.orrery.training.SavedModel;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [HaloWeigher].
@Command(name = "weigh", mixinStandardHelpOptions = true, description = "Weigh the halos of galaxies with their satellites by a published HaloGraphNet.")
final class WeighCommand implements Callable<Integer> {
  private static final int MOST_ROTATIONS = 100_000;

  @Spec
  private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(names = "--galaxies", required = true, paramLabel = "FILE.csv", description = "Columns host, galaxy, x_kpc, y_kpc, z_kpc, speed_km_s (relative to the central galaxy), stellar_mass_msun, half_light_radius_kpc")
  private Path galaxies;

  @Option(names = "--rotations", paramLabel = "N", defaultValue = "50", description = "How many random rotations show the spread. Default: ${DEFAULT-VALUE}")
  private int rotations;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "0", description = "Where the rotations start. Default: ${DEFAULT-VALUE}")
  private long seed;

  @Option(names = "--json", paramLabel = "FILE|-", description = "Write the result here too; - is the standard output, in place of the lines")
  private @Nullable Path json;

  @Option(names = "--save", paramLabel = "FILE", description = "Write weights and radius as one file, for --model")
  private @Nullable Path save;

  /// Where the network comes from.
  static final class Source {
    @Option(names = "--model", required = true, paramLabel = "FILE", description = "A file that --save wrote")
    private @Nullable Path model;

    @ArgGroup(exclusive = false, multiplicity = "1")
    private @Nullable Published published;
  }

  /// A published network.
  static final class Published {
    @Option(names = "--weights", required = true, paramLabel = "FILE.pt", description = "The published PyTorch checkpoint")
    private Path weights;

    @Option(names = "--radius", required = true, paramLabel = "R", description = "Galaxies up to this far apart are neighbors, in units of the simulations' box of 25 Mpc/h")
    private double radius;
  }

  @Override
  public Integer call() throws Exception {
    if (rotations < 0 || rotations > MOST_ROTATIONS) {
      throw new ParameterException(spec.commandLine(),
          "--rotations: " + rotations + "; 0 to " + MOST_ROTATIONS + " is required");
    }
    requireApart();
    List<Halo> halos = GalaxyFile.read(galaxies);
    HaloWeigher weigher = weigher();
    List<HaloWeigher.Weighing> weighings = new ArrayList<>();
    for (int h = 0; h < halos.size(); h++) {
      weighings.add(weigher.weigh(halos.get(h), rotations, Key.of(seed).fold(h)));
    }
    WeighReport report = new WeighReport(weighings);
    if (save != null) {
      SavedModel.write(save, HaloWeigher.BLUEPRINT, weigher);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json != null && isStandardOutput(json)) {
      out.print(report.json());
    } else {
      if (json != null) {
        report.write(json);
      }
      out.println(report);
    }
    out.flush();
    return 0;
  }

  private static boolean isStandardOutput(Path file) {
    return file.toString().equals("-");
  }

  /// What is written can be, and is neither read nor written twice.
  private void requireApart() throws IOException {
    Path weights = source.published == null ? null : source.published.weights;
    List<Path> taken = new ArrayList<>(Stream.of(galaxies, weights, source.model).filter(Objects::nonNull)
        .map(Path::toAbsolutePath).map(Path::normalize).toList());
    Path jsonFile = json == null || isStandardOutput(json) ? null : json;
    for (Path file : Stream.of(jsonFile, save).filter(Objects::nonNull).toList()) {
      Path target = WholeFile.requireWritable(file).normalize();
      for (Path other : taken) {
        boolean same = target.equals(other)
            || (Files.exists(target) && Files.exists(other) && Files.isSameFile(target, other));
        if (same) {
          throw new ParameterException(spec.commandLine(),
              file + " would replace what this command reads or writes; another file is required");
        }
      }
      taken.add(target);
    }
  }

  private HaloWeigher weigher() throws IOException {
    if (source.model != null) {
      return SavedModel.read(source.model, HaloWeigher.BLUEPRINT);
    }
    if (source.published == null) {
      throw new ParameterException(spec.commandLine(), "--weights and --radius, or --model, are required");
    }
    NeighborRule rule;
    try {
      rule = NeighborRule.within(Space.open(3), source.published.radius);
    } catch (IllegalArgumentException unfit) {
      throw new ParameterException(spec.commandLine(),
          "--radius: " + source.published.radius + "; a positive number is required", unfit);
    }
    return new HaloWeigher(HaloGraphNet.load(source.published.weights), rule);
  }
}
