package org.orrery.conformance;

import java.util.Map;
import org.orrery.geometry.BesselBasis;
import org.orrery.geometry.Centers;
import org.orrery.geometry.CosineBasis;
import org.orrery.geometry.FourierBasis;
import org.orrery.geometry.FourierBasis.Waves;
import org.orrery.geometry.GaussianBasis;
import org.orrery.geometry.RadialBasis;
import org.orrery.geometry.SmoothFiniteBasis;
import org.orrery.tensor.Tensor;

/// Functions of distances in the area `equivariant`.
final class GeometrySubjects {
  private GeometrySubjects() {
  }

  static void register(Map<String, Subject> all) {
    all.put("soft_one_hot_linspace", in -> {
      Tensor r = in.tensor(in.has("r") ? "r" : in.has("x") ? "x" : in.inputs().getFirst());
      Tensor column = r.reshape(r.shape().elements(), 1);
      int count = in.config().integer("number");
      return Answer.of(radial(in.config(), column, count).reshape(r.shape().inserting(r.rank(), count)));
    });
  }

  private static Tensor radial(Config config, Tensor r, int count) {
    double start = config.number("start");
    double end = config.number("end");
    boolean cutoff = config.flag("cutoff", false);
    String name = config.text("basis", "");
    if (name.equals("bessel")) {
      Tensor x = r.subtract(start); // a distance in the project, from 0
      Tensor y = new BesselBasis(end - start, count).of(x);
      return cutoff ? y.multiply(x.detach().greater(0).multiply(x.detach().less(end - start))) : y;
    }
    if (name.equals("fourier")) {
      return new FourierBasis(cutoff ? Waves.SINES : Waves.COSINES, start, end, count).of(r);
    }
    Centers centers = cutoff ? Centers.inside(start, end, count) : Centers.spanning(start, end, count);
    RadialBasis basis = switch (name) {
      case "gaussian" -> new GaussianBasis(centers, centers.step() / Math.sqrt(2)); // e^-d^2
      case "cosine" -> new CosineBasis(centers);
      case "smooth_finite" -> new SmoothFiniteBasis(centers);
      default -> throw new Unsupported("no option basis = " + name);
    };
    return name.equals("gaussian") ? basis.of(r).divide(1.12) : basis.of(r);
  }
}
