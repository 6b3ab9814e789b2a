package org.orrery.graph.space;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/// With vectors: what is near is moved together in registers. The same bits as [PlainNearness].
final class VectorNearness implements Nearness {
  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  @Override
  public int within(double limit, double[][] at, int count, double px, double py, double pz,
      double @Nullable [] periods, double[] near, double[] found) {
    return periods == null
        ? themselves(limit, at[0], at[1], at[2], count, px, py, pz, near, found)
        : images(limit, at[0], at[1], at[2], count, px, py, pz, periods[0], periods[1], periods[2], near, found);
  }

  private static int themselves(double limit, double[] xs, double[] ys, double[] zs, int count, double px, double py,
      double pz, double[] near, double[] found) {
    DoubleVector places = DoubleVector.zero(SPECIES).addIndex(1);
    int size = 0;
    for (int i = 0; i < count; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, xs, i).sub(px);
      DoubleVector y = DoubleVector.fromArray(SPECIES, ys, i).sub(py);
      DoubleVector z = DoubleVector.fromArray(SPECIES, zs, i).sub(pz);
      DoubleVector square = x.mul(x).add(y.mul(y)).add(z.mul(z));
      VectorMask<Double> isNear = square.compare(VectorOperators.LE, limit);
      square.compress(isNear).intoArray(near, size);
      places.compress(isNear).intoArray(found, size);
      size += isNear.trueCount();
      places = places.add(LANES);
    }
    return size;
  }

  private static int images(double limit, double[] xs, double[] ys, double[] zs, int count, double px, double py,
      double pz, double xPeriod, double yPeriod, double zPeriod, double[] near, double[] found) {
    DoubleVector places = DoubleVector.zero(SPECIES).addIndex(1);
    DoubleVector xAround = DoubleVector.broadcast(SPECIES, xPeriod);
    DoubleVector yAround = DoubleVector.broadcast(SPECIES, yPeriod);
    DoubleVector zAround = DoubleVector.broadcast(SPECIES, zPeriod);
    int size = 0;
    for (int i = 0; i < count; i += LANES) {
      DoubleVector x = DoubleVector.fromArray(SPECIES, xs, i).sub(px).abs();
      DoubleVector y = DoubleVector.fromArray(SPECIES, ys, i).sub(py).abs();
      DoubleVector z = DoubleVector.fromArray(SPECIES, zs, i).sub(pz).abs();
      x = x.min(xAround.sub(x));
      y = y.min(yAround.sub(y));
      z = z.min(zAround.sub(z));
      DoubleVector square = x.mul(x).add(y.mul(y)).add(z.mul(z));
      VectorMask<Double> isNear = square.compare(VectorOperators.LE, limit);
      square.compress(isNear).intoArray(near, size);
      places.compress(isNear).intoArray(found, size);
      size += isNear.trueCount();
      places = places.add(LANES);
    }
    return size;
  }
}
