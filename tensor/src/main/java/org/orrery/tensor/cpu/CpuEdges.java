package org.orrery.tensor.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.EdgeAttentionKernels;
import org.orrery.tensor.backend.EdgeNetworkKernels;
import org.orrery.tensor.backend.EdgeScore;
import org.orrery.tensor.backend.NeighborExtremeKernels;
import org.orrery.tensor.backend.NeighborMeanKernels;
import org.orrery.tensor.backend.Reduction;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.backend.SumTimesDerivativeKernels;
import org.orrery.tensor.backend.WeightedSumKernels;
import org.orrery.tensor.cpu.loops.Slots;

/// Work over the edges of a compressed structure.
final class CpuEdges extends CpuKernels
    implements
      WeightedSumKernels,
      NeighborMeanKernels,
      NeighborExtremeKernels,
      EdgeAttentionKernels,
      SumTimesDerivativeKernels,
      EdgeNetworkKernels {
  CpuEdges(Machine machine) {
    super(machine);
  }

  @Override
  public Storage weightedSum(Indices offsets, Indices columns, @Nullable Indices edges, @Nullable Storage weights,
      int heads, Storage x, int width, @Nullable Storage start) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).sum(slots, weights == null ? null : values(weights), heads, values(x), width, values(y),
        Segments.PIECE, start == null ? null : values(start));
    return y;
  }

  @Override
  public Storage neighborMean(Indices offsets, Indices columns, Storage x, int width, @Nullable Storage start) {
    Slots slots = slots(offsets, columns, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).mean(slots, values(x), width, values(y), Segments.PIECE,
        start == null ? null : values(start));
    return y;
  }

  @Override
  public Storage edgeDot(Indices offsets, Indices columns, @Nullable Indices edges, Storage a, Storage b, int heads,
      int width) {
    CpuStorage y = fresh(columns.size() * heads);
    new Segments(machine).dots(slots(offsets, columns, edges), values(a), values(b), heads, width, values(y));
    return y;
  }

  @Override
  public Storage edgeNetwork(Indices offsets, Network network, List<Reduction> kinds) {
    CpuStorage y = fresh(Math.multiplyExact(offsets.size() - 1, kinds.size() * network.width()));
    new EdgeNetworks(machine, offsets, network, kinds).reduce(values(y));
    return y;
  }

  @Override
  public List<Storage> edgeNetworkGradient(Indices offsets, Network network, List<Reduction> kinds, Storage y,
      Storage upstream, boolean byFeatures) {
    List<Storage> shares = network.gradientSizes(byFeatures).stream().<Storage>map(this::fresh).toList();
    new EdgeNetworks(machine, offsets, network, kinds).gradient(values(y), values(upstream), byFeatures,
        shares.stream().map(CpuKernels::values).toArray(float[][]::new));
    return shares;
  }

  @Override
  public Storage neighborExtreme(Reduction kind, Indices offsets, Indices columns, Storage x, int width) {
    Slots slots = slots(offsets, columns, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).reduce(kind, slots, 0f, values(x), width, values(y), Segments.PIECE);
    return y;
  }

  @Override
  public Storage neighborExtremeGradient(Indices offsets, Indices columns, Indices reversedOffsets,
      Indices reversedColumns, Storage x, Storage y, Storage upstream, int width) {
    CpuStorage share = fresh(x.size());
    float[] each = machine.pool().take(upstream.size());
    Segments segments = new Segments(machine);
    segments.tieShares(slots(offsets, columns, null), values(x), values(y), values(upstream), width, each);
    segments.tiedSum(slots(reversedOffsets, reversedColumns, null), values(x), values(y), each, width, values(share));
    machine.pool().give(each);
    return share;
  }

  @Override
  public Attended edgeAttention(Indices offsets, Indices columns, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, int width) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    CpuStorage softmax = fresh(slots.rows() * 2 * heads);
    new EdgeAttentions(machine, slots, heads, width).attend(score, factors == null ? null : values(factors),
        values(values), values(y), values(softmax));
    return new Attended(y, softmax);
  }

  @Override
  public Shares edgeAttentionGradient(Indices offsets, Indices rows, @Nullable Indices edges, EdgeScore score,
      @Nullable Storage factors, int heads, Storage values, Attended attended, Storage upstream, int width) {
    Slots slots = slots(offsets, rows, edges);
    CpuStorage byValues = fresh(slots.rows() * width);
    CpuStorage byColumn = fresh(score.column().size());
    CpuStorage byEdges = fresh(rows.size() * heads);
    int receivers = attended.softmax().size() / (2 * heads);
    new EdgeAttentions(machine, slots, heads, width).shares(score, factors == null ? null : values(factors),
        values(values), values(attended.y()), values(attended.softmax()), values(upstream), receivers,
        values(byValues), values(byColumn), values(byEdges));
    return new Shares(byValues, byColumn, byEdges);
  }

  @Override
  public Storage sumTimesDerivative(Indices offsets, Indices columns, @Nullable Indices edges, Storage weights,
      int heads,
      Storage own, Storage other, int width, double slope) {
    Slots slots = slots(offsets, columns, edges);
    CpuStorage y = fresh(slots.rows() * width);
    new EdgeAttentions(machine, slots, heads, width).sumTimesDerivative(values(weights), values(own), values(other),
        (float) slope, values(y));
    return y;
  }
}
