package org.orrery.messagepassing;

import org.orrery.tensor.Indices;
import org.orrery.tensor.Segments;
import org.orrery.tensor.Shape;
import org.orrery.tensor.Tensor;

/// The lower median of each column: of n members the one with floor((n - 1) / 2) below it in order, equal ones in the
/// order they came. The gradient is that member's. It reads values, so no plan can be made of it.
record Median() implements Aggregation {
  @Override
  public Tensor reduce(Tensor members, Segments segments) {
    if (members.rank() != 2 || members.rows() != segments.members()) {
      throw new IllegalArgumentException("median: members " + members.shape() + " of " + segments.members()
          + " rows; a matrix with one row each is required");
    }
    int width = members.columns();
    int count = members.rows();
    int[] order = members.detach().transpose().backend()
        .sort(members.detach().transpose().data(), width, count, false).raw();
    int[] segmentOf = segments.index().raw();
    int[] chosen = new int[segments.count() * width];
    for (int j = 0; j < width; j++) {
      int[] seen = new int[segments.count()];
      for (int s = 0; s < segments.count(); s++) {
        chosen[s * width + j] = count * width; // the zero behind all numbers, where there is no member
      }
      for (int i = 0; i < count; i++) {
        int row = order[j * count + i];
        int s = segmentOf[row];
        if (seen[s]++ == (segments.size(s) - 1) / 2) {
          chosen[s * width + j] = row * width + j;
        }
      }
    }
    Tensor numbers = Tensor.concat(0, members.flatten(), Tensor.zeros(1));
    return numbers.gatherRows(Indices.wrap(chosen)).reshape(Shape.of(segments.count(), width));
  }
}
