package org.orrery.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.orrery.examples.mnist.Mnist;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs [Mnist].
@Command(name = "mnist", mixinStandardHelpOptions = true, description = "Read the test digits of MNIST by a published convolutional network.")
final class MnistCommand implements Callable<Integer> {
  @Spec
  private CommandSpec spec;

  @Option(names = "--digits", paramLabel = "DIR", description = "The folder with t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. Default: the first shared/data/mnist beside or above the checkout")
  private @Nullable Path digits;

  @Option(names = "--model", paramLabel = "DIR", description = "The folder with mnist.safetensors and, to compare with, reference_t10k.npz. Default: the first shared/data/mnist-cnn")
  private @Nullable Path model;

  @Option(names = "--quiet", description = "The last line alone.")
  private boolean quiet;

  @Override
  public Integer call() throws Exception {
    Mnist.Report report = Mnist.run(Mnist.folder(digits, "mnist", "--digits"),
        Mnist.folder(model, "mnist-cnn", "--model"));
    PrintWriter out = spec.commandLine().getOut();
    if (!quiet) {
      out.println(report.confusion());
    }
    out.println(report);
    out.flush();
    return 0;
  }
}
