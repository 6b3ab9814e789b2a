package org.orrery.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.orrery.tensor.backend.Backend;
import org.orrery.tensor.backend.GatheredSumKernels;
import org.orrery.tensor.backend.Storage;

/// `y[i, :]` = own[i, :] + the sum over the tables t of `t[segment of i, :]`: the first layer of an edge network, whose
/// inputs were projected before, without an array for each of them.
///
/// @param own `[members, width]`; null for 0
/// @param tables `[segments, width]` each; at least one
/// @param owners the segments of each table, all of the same members
record GatheredSum(@Nullable Tensor own, List<Tensor> tables, List<Segments> owners) implements Op {
  GatheredSum {
    tables = List.copyOf(tables);
    owners = List.copyOf(owners);
    Require.that(!tables.isEmpty() && tables.size() == owners.size(), "gathered sum", Shape.of(tables.size()),
        "one owner a table, and at least one table, are required");
    for (int t = 0; t < tables.size(); t++) {
      Tensor table = tables.get(t);
      Require.that(
          table.rank() == 2 && table.rows() == owners.get(t).count() && table.columns() == tables.getFirst().columns()
              && owners.get(t).members() == owners.getFirst().members(),
          "gathered sum", table.shape(), tables.getFirst().shape(),
          "one row for each of " + owners.get(t).count() + " segments of the same members, and one width");
    }
    Require.that(own == null || own.shape().equals(Shape.of(owners.getFirst().members(), tables.getFirst().columns())),
        "gathered sum", tables.getFirst().shape(), "own rows have the width of the tables");
  }

  @Override
  public String name() {
    return "gathered sum";
  }

  @Override
  public List<Tensor> operands() {
    List<Tensor> all = new ArrayList<>(tables);
    if (own != null) {
      all.add(own);
    }
    return all;
  }

  @Override
  public Shape shape() {
    return Shape.of(owners.getFirst().members(), tables.getFirst().columns());
  }

  @Override
  public Storage forward(Backend backend) {
    GatheredSumKernels kernels = backend.kernels(GatheredSumKernels.class);
    return kernels == null
        ? Op.super.forward(backend)
        : kernels.gatheredSum(own == null ? null : own.data(), tables.stream().map(Tensor::data).toList(),
            owners.stream().map(Segments::index).toList(), shape().size(1));
  }

  @Override
  public Tensor definition() {
    Tensor sum = own;
    for (int t = 0; t < tables.size(); t++) {
      Tensor rows = tables.get(t).gatherRows(owners.get(t));
      sum = sum == null ? rows : sum.add(rows);
    }
    if (sum == null) {
      throw new IllegalStateException("gathered sum of nothing");
    }
    return sum;
  }

  @Override
  public void backward(Tensor y, Tensor upstream, Gradients sink) {
    for (int t = 0; t < tables.size(); t++) {
      Segments owner = owners.get(t);
      sink.add(tables.get(t), () -> upstream.segmentSum(owner));
    }
    if (own != null) {
      sink.add(own, () -> upstream);
    }
  }

  @Override
  public Cost cost() {
    long numbers = shape().elements();
    return Cost.ofNumbers((tables.size() + (own == null ? 0 : 1)) * numbers + (long) tables.size() * shape().size(0),
        numbers, tables.size() * numbers, 0);
  }
}
