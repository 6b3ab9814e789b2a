package org.orrery.report;

import java.io.IOException;
import java.nio.file.Path;

/// Writes the page of the made-up run, to look at it.
final class SamplePage {
  private SamplePage() {
  }

  public static void main(String[] arguments) throws IOException {
    GalaxyPage.write(SampleGalaxies.result(), Path.of(arguments[0]));
  }
}
