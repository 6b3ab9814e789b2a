package org.orrery.tensor.backend;

/// Work in memory that a sweep of gradients alone reads, instead of in new memory. Results are bit-identical to those of new memory.
public interface InPlaceKernels {
  /// `sum[i] += share[i]`.
  void accumulate(Storage sum, Storage share);

  /// `gradient[i]` times f'(`x[i]`; alpha), where y = f(x; alpha) is at hand.
  void timesDerivative(Unary kind, double alpha, Storage x, Storage y, Storage gradient);

  /// c f'(y; alpha) with c as in [Backend#matmul] and y = f(x; alpha) of as many numbers, where f' follows from y: max(x, 0), its
  /// leaky kin. Gives up y, whose memory may become the result's.
  ///
  /// @param sizes of a product that is not batched, with a read as it is stored
  Storage matmulTimesDerivative(Product sizes, Storage a, Storage b, Unary function, double alpha, Storage y);
}
