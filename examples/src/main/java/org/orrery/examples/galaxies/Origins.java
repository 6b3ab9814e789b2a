package org.orrery.examples.galaxies;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.Backends;
import org.orrery.tensor.cpu.CpuBackend;

/// Where numbers come from: versions, and hashes of data.
final class Origins {
  private Origins() {
  }

  /// The versions of library and Java, the kernels and the threads, by name.
  static Map<String, String> versions() {
    Map<String, String> versions = new LinkedHashMap<>();
    String version = GalaxyStudy.class.getPackage().getImplementationVersion();
    versions.put("Orrery", version == null ? "from classes" : version);
    versions.put("Java", Runtime.version().toString());
    Backend backend = Backends.current();
    versions.put("backend", backend.name());
    if (backend instanceof CpuBackend cpu) {
      versions.put("kernels", cpu.description());
      versions.put("threads", Integer.toString(cpu.threads()));
    }
    return versions;
  }

  /// SHA-256 over all boxes in turn: parameters, positions, velocities and masses, each as little-endian float32, as a file of them holds
  /// them. So boxes that were simulated and the same boxes from a file have one hash.
  static String hash(List<Simulation> boxes) {
    MessageDigest digest = sha256();
    for (Simulation box : boxes) {
      update(digest, box.parameters());
      update(digest, box.halos().positions());
      update(digest, box.halos().velocities());
      update(digest, box.halos().masses());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      bytes.putFloat((float) value);
    }
    digest.update(bytes.array());
  }

  /// SHA-256 of a file, as `sha256sum` gives it.
  ///
  /// @throws IOException where it cannot be read
  static String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new AssertionError("every Java has SHA-256", missing);
    }
  }
}
