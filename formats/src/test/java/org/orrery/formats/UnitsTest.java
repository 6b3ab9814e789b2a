package org.orrery.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.orrery.io.FormatException;

class UnitsTest {
  private static final OptionalDouble H = OptionalDouble.of(0.7);

  @ParameterizedTest
  @CsvSource({"Mpc/h, 1", "h-1 Mpc, 1", "Mpc h^-1, 1", "kpc/h, .001", "ckpc/h, .001", "h^{-1} kpc, .001", "Mpc, .7",
    "cMpc, .7", "kpc, .0007", "comoving kpc, .0007", "Mpccm/h, 1"})
  void lengthsAreWhatHeadersState(String text, double megaparsecPerH) throws FormatException {
    assertEquals(megaparsecPerH, LengthUnit.stated(text, H).inMpcPerH(), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({"Msun/h, 1", "M_sun/h, 1", "h-1 Msun, 1", "solMass, .7", "1e10 Msun/h, 1e10", "10^10 M_sun/h, 1e10",
    "1e10 Msun, 7e9"})
  void massesAreWhatHeadersState(String text, double solarPerH) throws FormatException {
    assertEquals(solarPerH, MassUnit.stated(text, H).inSolarPerH(), 1e-5);
  }

  @ParameterizedTest
  @CsvSource({"km/s, 1", "km s-1, 1", "km s^-1, 1", "m/s, .001", "cm/s, .00001"})
  void velocitiesAreWhatHeadersState(String text, double kmPerS) throws FormatException {
    assertEquals(kmPerS, VelocityUnit.stated(text).inKmPerS(), 1e-15);
  }

  @Test
  void unknownUnitsAndAMissingHAreErrors() {
    FormatException furlongs = assertThrows(FormatException.class, () -> LengthUnit.stated("furlong", H));
    assertEquals("unit 'furlong'; one of Mpc/h, kpc/h, Mpc and kpc is required", furlongs.getMessage());
    assertThrows(FormatException.class, () -> MassUnit.stated("kg", H));
    assertThrows(FormatException.class, () -> VelocityUnit.stated("c"));
    FormatException noH = assertThrows(FormatException.class, () -> MassUnit.stated("Msun", OptionalDouble.empty()));
    assertTrue(String.valueOf(noH.getMessage()).contains("the h of the file's universe"), noH::toString);
    assertThrows(IllegalArgumentException.class, () -> LengthUnit.kpc(0));
    assertThrows(IllegalArgumentException.class, () -> new MassUnit("none", Double.NaN));
  }
}
