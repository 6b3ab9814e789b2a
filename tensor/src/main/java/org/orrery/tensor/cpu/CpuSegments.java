package org.orrery.tensor.cpu;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.Indices;
import org.orrery.tensor.backend.GatheredSumKernels;
import org.orrery.tensor.backend.SegmentExtremeKernels;
import org.orrery.tensor.backend.SegmentSoftmaxKernels;
import org.orrery.tensor.backend.SegmentVarianceKernels;
import org.orrery.tensor.backend.Storage;
import org.orrery.tensor.cpu.loops.SegmentLoops;
import org.orrery.tensor.cpu.loops.Slots;

/// Work over segments of rows.
final class CpuSegments extends CpuKernels
    implements
      SegmentSoftmaxKernels,
      SegmentExtremeKernels,
      SegmentVarianceKernels,
      GatheredSumKernels {
  CpuSegments(Machine machine) {
    super(machine);
  }

  @Override
  public Storage segmentExtremeGradient(Storage x, Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(share));
    new Segments(machine).extremeGradient(slots, values(x), values(y), values(upstream), width, values(share));
    return share;
  }

  @Override
  public Storage segmentVariance(Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage y = fresh(slots.rows() * width);
    new Segments(machine).variance(slots, values(x), width, values(y));
    return y;
  }

  @Override
  public Storage segmentVarianceGradient(Storage x, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(share));
    new Segments(machine).varianceGradient(slots, values(x), values(upstream), width, values(share));
    return share;
  }

  @Override
  public Storage gatheredSum(@Nullable Storage own, List<Storage> tables, List<Indices> rows, int width) {
    int members = rows.getFirst().size();
    CpuStorage y = fresh(Math.multiplyExact(members, width));
    float[][] values = tables.stream().map(CpuKernels::values).toArray(float[][]::new);
    int[][] taken = rows.stream().map(Indices::raw).toArray(int[][]::new);
    float[] start = own == null ? null : values(own);
    SegmentLoops loops = machine.kernels().segments();
    machine.parallel().forChunks(members, Math.max(1, CHUNK / Math.max(1, width)),
        (from, to) -> loops.gatheredSum(start, values, taken, width, values(y), 0, from, to));
    return y;
  }

  @Override
  public Storage segmentSoftmax(Storage x, int width, Indices offsets, @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage y = fresh(x.size());
    Segments.clearUncovered(slots, x.size() / Math.max(1, width), width, values(y));
    new Segments(machine).softmax(slots, values(x), width, values(y));
    return y;
  }

  @Override
  public Storage segmentSoftmaxGradient(Storage y, Storage upstream, int width, Indices offsets,
      @Nullable Indices order) {
    Slots slots = slots(offsets, order, null);
    CpuStorage share = fresh(y.size());
    Segments.clearUncovered(slots, y.size() / Math.max(1, width), width, values(share));
    new Segments(machine).softmaxGradient(slots, values(y), values(upstream), width, values(share));
    return share;
  }
}
