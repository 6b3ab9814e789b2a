package org.orrery.cosmology;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Halos as peaks of the linear field, after Bond & Myers 1996: a peak belongs to the largest sphere around it whose mean
/// linear density is above that of collapse, 1.686, has that sphere's mass, and swallows the peaks inside. Halos move with
/// second-order Lagrangian perturbation theory.
///
/// Spheres are tried at radii R_0, R_0 s, R_0 s^2, ...; between the largest that is dense enough and the next, ln R is
/// interpolated in density. Peaks that reach the barrier in no sphere have ln R = ln R_0 + (delta - 1.686) / 4, a continuation by
/// height that orders them; their masses are below the least that the field resolves ([#resolved]).
///
/// @param radius of the smallest sphere, R_0, Mpc/h
/// @param ratio of successive radii, s
/// @param scales how many spheres are tried
public record PeakPatches(double radius, double ratio, int scales) {
  /// The lowest density of a peak that is looked at.
  private static final float LOWEST = 0.3f;

  /// How steeply ln R falls with the height of peaks below the barrier.
  private static final double CONTINUATION = 0.25;

  /// The displacement is smoothed by this part of the smallest sphere.
  private static final double SMOOTHING = 0.6;

  /// @throws IllegalArgumentException where a number is out of range, naming it
  public PeakPatches {
    if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("peak patches: radius " + radius + "; a positive finite one is required");
    }
    if (!(ratio > 1 && ratio < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("peak patches: ratio " + ratio + "; a finite one above 1 is required");
    }
    if (scales < 2) {
      throw new IllegalArgumentException("peak patches: " + scales + " scales; 2 or more are required");
    }
  }

  /// Spheres from one cell up, eight of them, each a quarter larger.
  public static PeakPatches of(LinearField field) {
    return new PeakPatches(field.side() / field.cells(), 1.25, 8);
  }

  /// The mass of the smallest sphere, M_sun/h: lighter halos are ordered by height, not resolved.
  public double resolved(LinearPower power) {
    return power.massOf(radius);
  }

  /// A peak of the finest field.
  private record Peak(int cell, double logRadius) {
  }

  /// The halos of a field, heaviest first.
  public Catalog halos(LinearField field) {
    return halos(field, Integer.MAX_VALUE);
  }

  /// So many of the heaviest halos of a field, or all where there are fewer.
  public Catalog halos(LinearField field, int most) {
    float[][] densities = new float[scales][];
    double[] radii = new double[scales];
    for (int s = 0; s < scales; s++) {
      radii[s] = radius * Math.pow(ratio, s);
      densities[s] = field.inSpheres(radii[s]);
    }
    List<Peak> peaks = peaks(densities, radii, field.cells());
    peaks.sort(Comparator.comparingDouble((Peak peak) -> -peak.logRadius()).thenComparingInt(Peak::cell));
    List<Peak> kept = withoutSwallowed(peaks, field, most);
    return catalog(kept, field);
  }

  private List<Peak> peaks(float[][] densities, double[] radii, int n) {
    List<Peak> peaks = new ArrayList<>();
    float[] finest = densities[0];
    for (int x = 0, cell = 0; x < n; x++) {
      for (int y = 0; y < n; y++) {
        for (int z = 0; z < n; z++, cell++) {
          if (finest[cell] >= LOWEST && isHighest(finest, x, y, z, n)) {
            peaks.add(new Peak(cell, logRadius(densities, radii, cell)));
          }
        }
      }
    }
    return peaks;
  }

  /// Whether none of the 26 cells around is denser; of equal ones the first counts.
  private static boolean isHighest(float[] density, int x, int y, int z, int n) {
    int own = (x * n + y) * n + z;
    for (int dx = -1; dx <= 1; dx++) {
      int plane = Math.floorMod(x + dx, n) * n;
      for (int dy = -1; dy <= 1; dy++) {
        int line = (plane + Math.floorMod(y + dy, n)) * n;
        for (int dz = -1; dz <= 1; dz++) {
          int other = line + Math.floorMod(z + dz, n);
          if (density[other] > density[own] || (density[other] == density[own] && other < own)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private double logRadius(float[][] densities, double[] radii, int cell) {
    int scale = scales - 1;
    while (scale >= 0 && densities[scale][cell] < Cosmology.COLLAPSE) {
      scale--;
    }
    if (scale < 0) {
      return Math.log(radii[0]) + CONTINUATION * (densities[0][cell] - Cosmology.COLLAPSE);
    }
    if (scale == scales - 1) {
      return Math.log(radii[scale]);
    }
    double above = densities[scale][cell];
    double below = densities[scale + 1][cell];
    return Math.log(radii[scale]) + (above - Cosmology.COLLAPSE) / (above - below) * Math.log(ratio);
  }

  /// Leaves out peaks whose center lies in the sphere of a heavier one.
  private static List<Peak> withoutSwallowed(List<Peak> peaks, LinearField field, int most) {
    int n = field.cells();
    double cell = field.side() / n;
    boolean[] taken = new boolean[n * n * n];
    List<Peak> kept = new ArrayList<>();
    for (Peak peak : peaks) {
      if (kept.size() == most) {
        break;
      }
      if (!taken[peak.cell()]) {
        kept.add(peak);
        mark(taken, peak.cell(), Math.exp(peak.logRadius()) / cell, n);
      }
    }
    return kept;
  }

  private static void mark(boolean[] taken, int cell, double radius, int n) {
    int reach = Math.min((int) radius, (n - 1) / 2);
    int x = cell / (n * n);
    int y = cell / n % n;
    int z = cell % n;
    for (int dx = -reach; dx <= reach; dx++) {
      for (int dy = -reach; dy <= reach; dy++) {
        for (int dz = -reach; dz <= reach; dz++) {
          if (dx * dx + dy * dy + dz * dz < radius * radius) {
            taken[(Math.floorMod(x + dx, n) * n + Math.floorMod(y + dy, n)) * n + Math.floorMod(z + dz, n)] = true;
          }
        }
      }
    }
  }

  private Catalog catalog(List<Peak> halos, LinearField field) {
    Displacement displacement = Displacement.of(field, SMOOTHING * radius, Displacement.Order.SECOND);
    int n = field.cells();
    double cell = field.side() / n;
    double[] positions = new double[3 * halos.size()];
    double[] velocities = new double[3 * halos.size()];
    double[] masses = new double[halos.size()];
    for (int i = 0; i < masses.length; i++) {
      int at = halos.get(i).cell();
      int[] place = {at / (n * n), at / n % n, at % n};
      for (int axis = 0; axis < 3; axis++) {
        positions[3 * i + axis] = (place[axis] + 0.5) * cell + displacement.at(axis, at);
        velocities[3 * i + axis] = displacement.velocityAt(axis, at);
      }
      masses[i] = field.power().massOf(Math.exp(halos.get(i).logRadius()));
    }
    return Catalog.of(field.side(), field.space().wrap(positions), velocities, masses);
  }
}
