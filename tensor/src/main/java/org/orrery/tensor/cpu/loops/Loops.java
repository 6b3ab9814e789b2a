package org.orrery.tensor.cpu.loops;

/// The loops that exist twice, with vectors and in plain Java: the rest of the backend is written against these. Both
/// give the same bits in [#elementwise()]; elsewhere they agree within the rounding of a sum.
public interface Loops {
  /// As in `vector kernels, 512 bit (16 floats)`.
  String description();

  /// Functions of one element.
  ElementwiseLoops elementwise();

  /// Blocks of a matrix product.
  ProductTiles tiles();

  /// Sums and other reductions over the rows of a segment.
  SegmentLoops segments();

  /// Functions of the elements of rows and of a number of each row.
  RowLoops rows();

  /// Sums down columns and functions of an element and its column.
  ColumnLoops columns();
  /// Steps of recurrent cells.
  CellLoops cells();

  /// Reductions of contiguous numbers.
  RunReductions runs();

  /// Outputs of windows.
  WindowLoops windows();
}
