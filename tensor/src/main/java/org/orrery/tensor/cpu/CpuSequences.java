package org.orrery.tensor.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.AttentionKernels;
import org.orrery.tensor.backend.RecurrentCell;
import org.orrery.tensor.backend.RecurrentKernels;
import org.orrery.tensor.backend.Storage;

/// Attention and recurrence over sequences.
final class CpuSequences extends CpuKernels
    implements
      AttentionKernels,
      RecurrentKernels {
  CpuSequences(Machine machine) {
    super(machine);
  }

  @Override
  public Storage recurrence(Run run) {
    CpuStorage y = fresh(run.states());
    new Recurrences(machine, run).run(values(y), null);
    return y;
  }

  @Override
  public Storage attention(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width,
      int channels) {
    int rows = pairing.queryOffsets().at(pairing.sequences());
    CpuStorage y = fresh(Math.multiplyExact(rows, channels));
    attentions(pairing, queries, keys, values, bias, width, channels).forward(values(y));
    return y;
  }

  @Override
  public List<Storage> attentionGradient(Pairing pairing, Storage queries, Storage keys, Storage values,
      @Nullable Storage bias, Storage upstream, int width, int channels) {
    CpuStorage byQueries = fresh(queries.size());
    CpuStorage byKeys = fresh(keys.size());
    CpuStorage byValues = fresh(values.size());
    attentions(pairing, queries, keys, values, bias, width, channels).gradient(values(upstream), values(byQueries),
        values(byKeys), values(byValues));
    return List.of(byQueries, byKeys, byValues);
  }

  @Override
  public Traced recurrenceTraced(Run run) {
    CpuStorage y = fresh(run.states());
    CpuStorage trace = fresh(run.traced());
    new Recurrences(machine, run).run(values(y), values(trace));
    return new Traced(y, trace);
  }

  @Override
  public List<Storage> recurrenceGradient(Run run, Traced traced, Storage upstream) {
    CpuStorage byInputs = fresh(run.gates().size());
    CpuStorage byStart = fresh(run.start().size());
    CpuStorage byState = run.cell() == RecurrentCell.GRU ? fresh(run.gates().size()) : byInputs;
    new RecurrenceGradients(machine, run).run(values(traced.states()), values(traced.trace()), values(upstream),
        values(byInputs), values(byState), values(byStart));
    return run.cell() == RecurrentCell.GRU ? List.of(byInputs, byStart, byState) : List.of(byInputs, byStart);
  }

  private Attentions attentions(Pairing pairing, Storage queries, Storage keys, Storage values, @Nullable Storage bias,
      int width, int channels) {
    return new Attentions(machine, pairing, values(queries), values(keys), values(values),
        bias == null ? null : values(bias), bias == null ? 0 : bias.size(), width, channels);
  }
}
