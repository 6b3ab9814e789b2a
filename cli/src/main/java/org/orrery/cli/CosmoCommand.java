package org.orrery.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.cosmographnet.CosmoGraphNet;
import org.orrery.examples.cosmographnet.FieldFigure;
import org.orrery.examples.cosmographnet.GalaxyField;
import org.orrery.examples.cosmographnet.HaloTable;
import org.orrery.graph.Graph;
import org.orrery.io.WholeFile;
import org.orrery.nn.Mode;
import org.orrery.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Runs [CosmoGraphNet].
@Command(name = "cosmo", mixinStandardHelpOptions = true, description = "Estimate Omega_m from a halo catalog by a published CosmoGraphNet, and draw its graph.")
final class CosmoCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--weights", required = true, paramLabel = "FILE.pt", description = "The published PyTorch checkpoint")
  private Path weights;

  @Option(names = "--halos", required = true, paramLabel = "FILE.csv", description = "Columns x_mpc_h, y_mpc_h, z_mpc_h, mass_msun_h, r50_mpc_h, vcirc_max_kms")
  private Path halos;

  @Option(names = "--box", required = true, paramLabel = "L", description = "The side of the periodic box in Mpc/h")
  private double box;

  @Option(names = "--link", paramLabel = "R", defaultValue = "0.015", description = "The linking radius in units of the box. Default: ${DEFAULT-VALUE}, that of the published network")
  private double link;

  @Option(names = "--out", paramLabel = "FILE.png", description = "Draw the graph here")
  private @Nullable Path out;

  @Override
  public Integer call() throws Exception {
    require("--box", box, Double.MAX_VALUE);
    require("--link", link, 0.5);
    if (out != null) {
      WholeFile.requireWritable(out);
    }
    GalaxyField field = HaloTable.read(halos, box);
    CosmoGraphNet network = CosmoGraphNet.load(weights);
    Graph graph = field.graph(link);
    double[] result = Tensor.unrecorded(() -> network.apply(graph, Mode.inference())).toDoubles();
    int pairs = (graph.edgeCount() - graph.nodeCount()) / 2;
    String found = String.format(Locale.ROOT, "Omega_m %.4f +- %.4f", 0.1 + 0.4 * result[0],
        0.4 * Math.abs(result[1]));
    String size = graph.nodeCount() + " haloes, " + pairs + " pairs within " + link + " of the box";
    if (out != null) {
      FieldFigure.write(field, graph, box, size, out);
    }
    PrintWriter page = spec.commandLine().getOut();
    page.println(found + "  (" + size + ")");
    page.println(
        "The published networks know fields of 25 Mpc/h with galaxies of more than 1e8.1 solar masses of stars; of "
            + "others their answer means nothing.");
    page.flush();
    return 0;
  }

  private void require(String option, double value, double most) {
    if (!(value > 0 && value <= most)) {
      throw new ParameterException(spec.commandLine(),
          option + ": " + value + "; a positive number" + (most < 1 ? " up to " + most : "") + " is required");
    }
  }
}
