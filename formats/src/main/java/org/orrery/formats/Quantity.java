package org.orrery.formats;

/// What the numbers of a column are, and in which unit they stand once read.
public enum Quantity {
  /// a comoving length
  LENGTH("comoving Mpc/h"),
  /// a mass
  MASS("M_sun/h"),
  /// a peculiar velocity
  VELOCITY("km/s"),
  /// whole numbers: identifiers, counts, places of others
  NUMBER("whole number"),
  /// a ratio, a scale factor, a redshift
  PURE("dimensionless"),
  /// as the file has it, whose unit nobody stated
  UNSTATED("unit of the file");

  private final String unit;

  Quantity(String unit) {
    this.unit = unit;
  }

  /// The unit of the numbers, as people write it.
  public String unit() {
    return unit;
  }
}
