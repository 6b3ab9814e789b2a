package org.orrery.tensor.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Key;
import org.orrery.tensor.backend.AdamKernels;
import org.orrery.tensor.backend.DerivativeKernels;
import org.orrery.tensor.backend.DropoutKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.Unary;

/// Derivatives, dropout and the step of Adam.
final class CpuElementwise extends CpuKernels
    implements
      DerivativeKernels,
      DropoutKernels,
      AdamKernels {
  CpuElementwise(Machine machine) {
    super(machine);
  }

  @Override
  public Storage unaryGradient(Unary kind, double alpha, Storage x, Storage y, Storage upstream) {
    float[] in = values(x);
    float[] results = values(y);
    float[] above = values(upstream);
    CpuStorage share = fresh(x.size());
    float[] out = values(share);
    machine.parallel().forChunks(x.size(), CHUNK,
        (from, to) -> machine.kernels().elementwise().unaryGradient(kind, (float) alpha, in,
            results, above, out, from, to));
    return share;
  }

  @Override
  public Storage dropout(Storage x, Key key, double rate, @Nullable Storage residual) {
    CpuStorage y = fresh(x.size());
    float[] in = values(x);
    float[] out = values(y);
    float[] added = residual == null ? null : values(residual);
    float least = (float) rate;
    float factor = (float) (1 / (1 - rate));
    machine.parallel().forChunks(x.size(), CHUNK >> 3, (from, to) -> {
      float[] drawn = machine.pool().take(to - from);
      key.uniform(drawn, 0, from, to);
      for (int i = from; i < to; i++) {
        out[i] = in[i] * (drawn[i - from] >= least ? factor : 0f);
      }
      for (int i = from; i < to && added != null; i++) {
        out[i] += added[i];
      }
      machine.pool().give(drawn);
    });
    return y;
  }

  @Override
  public void adam(List<Moments> all, double rate, double beta1, double beta2, double epsilon, double weightDecay,
      boolean decoupled, double correction1, double correction2) {
    AdamStep step = AdamStep.of(rate, beta1, beta2, epsilon, weightDecay, decoupled, correction1, correction2);
    step.run(machine.parallel(), all);
    for (Moments each : all) {
      each.parameter().countRefill();
      each.m().countRefill();
      each.v().countRefill();
    }
  }
}
