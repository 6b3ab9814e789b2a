package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.orrery.io.FormatException;

class CatalogLawsTest {
  @TempDir
  Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("halos.csv"), text);
  }

  private static CatalogLayout layout(LengthUnit length, MassUnit mass) {
    return CatalogLayout.of(List.of("x", "y", "z"), length, "m", mass).box(25_000);
  }

  private static String message(ThrowingReader reader) {
    return String.valueOf(assertThrows(FormatException.class, reader::read).getMessage());
  }

  @FunctionalInterface
  private interface ThrowingReader {
    void read() throws IOException;
  }

  /// 25,000 kpc/h are 25 Mpc/h; 1,000 M_sun at h = 0.5 are 500 M_sun/h.
  @Test
  void unitsAreConverted() throws IOException {
    NumberTable table = CsvTable.read(file("x,y,z,m,v1,v2,v3,r\n1000,2000,25000,4e12,1,2,3,100\n"));
    HaloCatalog halos = layout(LengthUnit.KPC_PER_H, MassUnit.solar(0.5)).velocities(List.of("v1", "v2", "v3"),
        VelocityUnit.overScaleFactor(0.5)).length("r", LengthUnit.KPC_PER_H).scaleFactor(0.5).read(table);
    assertArrayEquals(new double[] {1, 2, 0}, halos.positions(), 1e-12);
    assertArrayEquals(new double[] {2e12}, halos.masses());
    assertArrayEquals(new double[] {2, 4, 6}, halos.velocities());
    assertEquals(0.1, halos.column("r").doubles()[0], 1e-15);
    assertEquals(25, halos.boxSize().orElseThrow(), 1e-12);
    assertEquals(1, halos.redshift().orElseThrow());
  }

  @Test
  void aPositionOutsideTheBoxIsAnErrorAndAThousandfoldOneAsksForTheUnit() throws IOException {
    NumberTable outside = CsvTable.read(file("x,y,z,m\n1,2,3,1e12\n26,2,3,1e12\n"));
    CatalogLayout layout = CatalogLayout.of(List.of("x", "y", "z"), LengthUnit.MPC_PER_H, "m", MassUnit.SOLAR_PER_H)
        .box(25);
    String said = message(() -> layout.read(outside));
    assertTrue(said.contains("object 1 at 26.0000 Mpc/h along axis 0; a position inside the box of 25.0000"), said);
    assertFalse(said.contains("kpc/h"), said);
    NumberTable thousandfold = CsvTable.read(file("x,y,z,m\n20000,12000,3000,1e12\n"));
    String asked = message(() -> layout.read(thousandfold));
    assertTrue(asked.contains("Are the positions in kpc/h instead of Mpc/h?"), asked);
  }

  @Test
  void halosThatFillAThousandthOfTheBoxAskForTheUnit() throws IOException {
    StringBuilder rows = new StringBuilder("x,y,z,m\n");
    for (int i = 0; i < 60; i++) {
      rows.append(i * 0.4).append(',').append(24 - i * 0.4).append(",3,1e12\n");
    }
    NumberTable table = CsvTable.read(file(rows.toString()));
    String said = message(() -> layout(LengthUnit.KPC_PER_H, MassUnit.SOLAR_PER_H).read(table));
    assertTrue(said.contains("Are they in Mpc/h instead of kpc/h?"), said);
  }

  @Test
  void aSelectionThatKeepsNothingIsAnError() throws IOException {
    HaloCatalog halos = layout(LengthUnit.KPC_PER_H, MassUnit.SOLAR_PER_H)
        .read(CsvTable.read(file("x,y,z,m\n1,2,3,1e12\n4,5,6,2e12\n")));
    assertArrayEquals(new long[] {1}, halos.above(1.5e12).ids());
    IllegalArgumentException error = assertThrows(IllegalArgumentException.class, () -> halos.above(1e15));
    assertTrue(String.valueOf(error.getMessage()).contains("the heaviest of 2 has 2.00000e+12"), error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> halos.where(i -> false));
    assertThrows(IllegalStateException.class, halos::velocities);
  }

  @Test
  void aMissingColumnIsAnErrorThatListsWhatThereIs() throws IOException {
    NumberTable table = CsvTable.read(file("x,y,z,mass,name\n1,2,3,1e12,Coma\n"));
    String said = message(() -> layout(LengthUnit.KPC_PER_H, MassUnit.SOLAR_PER_H).read(table));
    assertTrue(said.contains("no column m of numbers; there are [x, y, z, mass], and texts [name]"), said);
  }

  /// NumPy writes the names behind a comment sign, and the first row would go for names.
  @Test
  void aTableWithoutNamesIsRefused() throws IOException {
    Path file = file("# x,y,z,m\n1,2,3,1e12\n4,5,6,1e12\n");
    assertTrue(message(() -> CsvTable.read(file)).contains("numbers only, 1 first; names of columns without # are"));
  }

  @Test
  void columnsWithoutAUnitStayAsTheyAre() throws IOException {
    HaloCatalog halos = layout(LengthUnit.KPC_PER_H, MassUnit.SOLAR_PER_H)
        .read(CsvTable.read(file("x,y,z,m,n,f\n1,2,3,1e12,9007199254740993,\n")));
    assertEquals(9_007_199_254_740_993L, halos.column("n").longs()[0]);
    assertTrue(Double.isNaN(halos.column("f").doubles()[0]));
    assertEquals(Quantity.UNSTATED, halos.column("f").quantity());
  }

  /// 4 MiB are always allowed, and 50 times the file: 90 MiB of rows in 90 kB are not.
  @Test
  void aFileThatExpandsWithoutEndIsRefused() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write("x,y\n".getBytes(StandardCharsets.US_ASCII));
      byte[] rows = "1,2\n".repeat(1 << 18).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 90; i++) {
        out.write(rows);
      }
    }
    Path bomb = Files.write(folder.resolve("bomb.csv.gz"), bytes.toByteArray());
    String said = message(() -> CsvTable.read(bomb));
    assertTrue(said.contains("expands to more than 50 times"), said);
  }

  @Test
  void aRowWithoutEndIsRefused() throws IOException {
    Path quoted = file("x,y\n\"" + "1,2\n".repeat(400_000));
    assertTrue(message(() -> CsvTable.read(quoted)).contains("rows that end are required"));
    Path plain = file("#ID X\n" + "1 ".repeat(1_000_000));
    assertTrue(message(() -> Rockstar.read(plain)).contains("rows that end are required"));
  }
}
