package org.orrery.tensor.backend;

/// How many numbers become one. The order of the sum is fixed by the shapes alone, never by the number of threads.
public enum Reduction {
  /// sum; 0 over nothing
  SUM,
  /// product; 1 over nothing
  PRODUCT,
  /// largest; NaN if one is. Over nothing -infinity along an axis (for which tensors do not ask), 0 over a segment
  MAXIMUM,
  /// smallest; NaN if one is. Over nothing +infinity along an axis (for which tensors do not ask), 0 over a segment
  MINIMUM
}
