package org.orrery.formats;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import nom.tam.fits.AsciiTable;
import nom.tam.fits.AsciiTableHDU;
import nom.tam.fits.BinaryTable;
import nom.tam.fits.BinaryTableHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsException;
import nom.tam.fits.ImageData;

/// Small files in the published layouts of formats of which no real file is at hand.
final class Samples {
  private Samples() {
  }

  /// Header and columns as Rockstar writes them, cut to the columns up to Spin.
  static Path rockstar(Path file) throws IOException {
    return Files.writeString(file, """
        #ID DescID Mvir Vmax Vrms Rvir Rs Np X Y Z VX VY VZ JX JY JZ Spin
        #a = 0.500000
        #Om = 0.300000; Ol = 0.700000; h = 0.700000
        #FOF linking length: 0.280000
        #Particle mass: 1.03289e+10 Msun/h
        #Box size: 512.000000 Mpc/h
        #Units: Masses in Msun / h
        #Units: Positions in Mpc / h (comoving)
        #Units: Velocities in km / s (physical, peculiar)
        #Units: Halo Distances, Lengths, and Radii in kpc / h (comoving)
        7 -1 1.5e14 900.5 880 1100.25 210 14522 10.5 500.25 3.125 -120 45.5 8 1e16 2e16 3e16 0.03
        9 -1 2.5e13 500.0 480 600 130 2420 20.5 400.25 6.125 -20 5.5 80 1e15 2e15 3e15 0.04
        """);
  }

  /// A list of consistent-trees.
  static Path hlist(Path file) throws IOException {
    return Files.writeString(file, """
        #scale(0) id(1) desc_scale(2) desc_id(3) num_prog(4) pid(5) mvir(6) rvir(7) x(8) y(9) z(10) vx(11) vy(12) vz(13)
        #Omega_M = 0.270000; Omega_L = 0.730000; h0 = 0.700000
        #Full box size = 250.000000 Mpc/h
        0.50000 12 0.51 13 1 -1 1e12 180 1 2 3 4 5 6
        0.50000 15 0.51 16 1 -1 2e12 280 1 2 249 4 5 6
        """);
  }

  /// Two trees of consistent-trees with the lines that divide them.
  static Path consistentTrees(Path file) throws IOException {
    return Files.writeString(file, """
        #scale(0) id(1) desc_scale(2) desc_id(3) mvir(4) rvir(5) x(6) y(7) z(8) vx(9) vy(10) vz(11)
        #Omega_M = 0.270000; Omega_L = 0.730000; h0 = 0.700000
        #Full box size = 250.000000 Mpc/h
        2
        #tree 12
        1.0 12 0 -1 1e12 180 1 2 3 4 5 6
        0.9 11 1.0 12 8e11 160 1 2 3 4 5 6
        #tree 15
        1.0 15 0 -1 2e12 280 1 2 249 4 5 6
        """);
  }

  /// Groups of P-Gadget3: file i of two, of two groups each.
  static Path groups(Path file, int i, ByteOrder order, boolean hasRates) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(24 + 2 * (hasRates ? 88 : 84)).order(order);
    bytes.putInt(2).putInt(4).putInt(70).putLong(140).putInt(2);
    bytes.putInt(40).putInt(30).putInt(0).putInt(40);
    bytes.putFloat(2000 - i).putFloat(1500);
    for (int k = 0; k < 6; k++) {
      bytes.putFloat(1e5f * (k + 1) + i);
    }
    for (int k = 0; k < 6; k++) {
      bytes.putFloat(10f * k);
    }
    for (int k = 0; k < 12; k++) {
      bytes.putInt(k);
    }
    for (int k = 0; k < 12; k++) {
      bytes.putFloat(k);
    }
    if (hasRates) {
      bytes.putFloat(1).putFloat(2);
    }
    return Files.write(file, bytes.array());
  }

  /// SubLink's trees: 3 becomes 2, 2 and 4 become 1.
  static Path subLink(Path file) {
    try (WritableHdfFile hdf5 = HdfFile.write(file)) {
      hdf5.putDataset("SubhaloID", new long[] {10_000_000_001L, 10_000_000_002L, 10_000_000_003L, 10_000_000_004L});
      hdf5.putDataset("DescendantID", new long[] {-1, 10_000_000_001L, 10_000_000_002L, 10_000_000_001L});
      hdf5.putDataset("SnapNum", new short[] {99, 98, 97, 97});
      hdf5.putDataset("SubhaloMass", new float[] {100, 80, 60, 10});
      hdf5.putDataset("SubhaloPos", new float[][] {{1000, 2000, 3000}, {1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
      hdf5.putDataset("SubhaloVel", new float[][] {{10, 20, 30}, {1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
      hdf5.putDataset("SubfindID", new int[] {0, 1, 2, 3});
    }
    return file;
  }

  /// What one file of SUBFIND holds.
  record Snapshot(int file, int files, double scaleFactor, double box, boolean hasUnits) {
  }

  /// Two groups and three subhalos a file, lengths in kpc/h, as Arepo and CAMELS have them.
  static Path subfind(Path file, Snapshot snapshot) {
    int i = snapshot.file();
    try (WritableHdfFile hdf5 = HdfFile.write(file)) {
      WritableGroup header = hdf5.putGroup("Header");
      header.putAttribute("BoxSize", snapshot.box());
      header.putAttribute("Time", snapshot.scaleFactor());
      header.putAttribute("Redshift", 1 / snapshot.scaleFactor() - 1);
      header.putAttribute("HubbleParam", 0.6711);
      header.putAttribute("Omega0", 0.3);
      header.putAttribute("OmegaLambda", 0.7);
      header.putAttribute("NumFiles", snapshot.files());
      header.putAttribute("Ngroups_ThisFile", 2);
      header.putAttribute("Ngroups_Total", 2 * snapshot.files());
      header.putAttribute("Nsubgroups_ThisFile", 3);
      header.putAttribute("Nsubgroups_Total", 3 * snapshot.files());
      if (snapshot.hasUnits()) {
        WritableGroup parameters = hdf5.putGroup("Parameters");
        parameters.putAttribute("UnitLength_in_cm", 3.08568e21);
        parameters.putAttribute("UnitMass_in_g", 1.989e43);
        parameters.putAttribute("UnitVelocity_in_cm_per_s", 1e5);
      }
      WritableGroup groups = hdf5.putGroup("Group");
      groups.putDataset("GroupPos", new float[][] {{1000 + i, 2000, 3000}, {25_000, 5000, 6000}});
      groups.putDataset("GroupVel", new float[][] {{10, 20, 30}, {40, 50, 60}});
      groups.putDataset("GroupMass", new float[] {100, 50 + i});
      groups.putDataset("Group_R_Crit200", new float[] {200, 100});
      groups.putDataset("GroupFirstSub", new int[] {3 * i, 3 * i + 2});
      WritableGroup subhalos = hdf5.putGroup("Subhalo");
      subhalos.putDataset("SubhaloPos", new float[][] {{1000, 2000, 3000}, {1001, 2001, 3001}, {4000, 5000, 6000}});
      subhalos.putDataset("SubhaloVel", new float[][] {{10, 20, 30}, {40, 50, 60}, {70, 80, 90}});
      subhalos.putDataset("SubhaloMass", new float[] {90, 9, 50});
      subhalos.putDataset("SubhaloGrNr", new int[] {2 * i, 2 * i, 2 * i + 1});
    }
    return file;
  }

  /// An image and a table.
  static Path fits(Path file) throws IOException {
    try (Fits fits = new Fits()) {
      fits.addHDU(new ImageData(new float[][] {{1, 2, 3}, {4, 5, 6}}).toHDU());
      BinaryTable table = new BinaryTable();
      table.addColumn(new double[] {1e12, 2e12});
      table.addColumn(new float[][] {{1, 2, 3}, {4, 5, 6}});
      table.addColumn(new long[] {(1L << 60) + 1, 3});
      table.addColumn(new String[] {"a", "b"});
      table.addColumn(new short[] {1, 2});
      table.addColumn(new byte[] {(byte) 200, 7});
      table.addColumn(new long[] {Long.MIN_VALUE, 5});
      table.addColumn(new short[] {-99, 4});
      BinaryTableHDU part = table.toHDU();
      String[] names = {"MASS", "POS", "ID", "NAME", "SCALED", "BYTE", "SMALL", "GAPS"};
      for (int c = 0; c < names.length; c++) {
        part.getHeader().addValue("TTYPE" + (c + 1), names[c], "");
      }
      part.getHeader().addValue("TUNIT1", "Msun/h", "");
      part.getHeader().addValue("TSCAL5", 0.5, "");
      part.getHeader().addValue("TZERO5", 10.0, "");
      part.getHeader().addValue("TNULL8", -99, "");
      part.getHeader().addValue("BOXSIZE", 25.0, "");
      part.getHeader().addValue("EXTNAME", "HALOS", "");
      fits.addHDU(part);
      AsciiTable text = new AsciiTable();
      text.addColumn(new int[] {0, 6});
      text.addColumn(new double[] {1.5, 2.5});
      AsciiTableHDU lines = text.toHDU();
      lines.setNullString(0, "*");
      lines.setNull(1, 0, true);
      fits.addHDU(lines);
      fits.write(file.toFile());
    } catch (FitsException impossible) {
      throw new IOException(impossible);
    }
    return file;
  }

  static Path camels(Path file) throws IOException {
    return Files.write(file, """
        #Name  Omega_m sigma_8 A_SN1 seed
          LH_0 0.44220 0.85540 0.41928 10000
          LH_1 0.12620 0.69820 0.73204 5017999999
        """.getBytes(StandardCharsets.US_ASCII));
  }
}
