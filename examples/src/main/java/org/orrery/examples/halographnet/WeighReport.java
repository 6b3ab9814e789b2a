package org.orrery.examples.halographnet;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.orrery.io.WholeFile;

/// What was found, for people and for programs.
///
/// @param weighings one a halo
public record WeighReport(List<HaloWeigher.Weighing> weighings) {
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /// Copies the list.
  public WeighReport {
    weighings = List.copyOf(weighings);
  }

  /// A line a halo: mass and uncertainty, and beside them mean and spread under the rotations.
  @Override
  public String toString() {
    return weighings.stream().map(WeighReport::line).collect(Collectors.joining(System.lineSeparator()));
  }

  private static String line(HaloWeigher.Weighing weighing) {
    String line = String.format(Locale.ROOT,
        "%-8s %2d galaxies, %3d edges  M_200c %.4f x 1e12 solar masses +- %.4f dex",
        weighing.halo().name(), weighing.halo().galaxies().size(), weighing.edges(), weighing.mass().in1e12(),
        weighing.mass().dex());
    int count = weighing.turned().size();
    return count == 0
        ? line
        : line + String.format(Locale.ROOT, "  (under %d rotations %.4f, spread %.4f dex)", count,
            new HaloWeigher.Mass(weighing.meanLogMass(), 0).in1e12(), weighing.spread());
  }

  /// An object a halo with `mass_1e12_msun`, `dex`, `log10_mass_1e10_msun_h`, `galaxies`, `edges` and, under `rotations`,
  /// `count`, `mass_1e12_msun` and `spread_dex`; it ends with its line.
  ///
  /// @throws IOException where a number is none that JSON has
  public String json() throws IOException {
    ObjectNode all = JSON.createObjectNode();
    for (HaloWeigher.Weighing weighing : weighings) {
      ObjectNode halo = all.putObject(weighing.halo().name());
      halo.put("mass_1e12_msun", weighing.mass().in1e12()).put("dex", weighing.mass().dex())
          .put("log10_mass_1e10_msun_h", weighing.mass().logMass()).put("galaxies", weighing.halo().galaxies().size())
          .put("edges", weighing.edges());
      if (!weighing.turned().isEmpty()) {
        halo.putObject("rotations").put("count", weighing.turned().size())
            .put("mass_1e12_msun", new HaloWeigher.Mass(weighing.meanLogMass(), 0).in1e12())
            .put("spread_dex", weighing.spread());
      }
    }
    return JSON.writeValueAsString(all) + "\n";
  }

  /// Writes [#json()] to a file, as a whole or not at all.
  ///
  /// @throws IOException where that fails
  public void write(Path file) throws IOException {
    byte[] text = json().getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, out -> out.write(text));
  }
}
