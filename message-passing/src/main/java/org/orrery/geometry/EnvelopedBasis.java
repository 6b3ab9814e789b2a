package org.orrery.geometry;

import org.orrery.tensor.Tensor;

/// The functions of a basis, each times an envelope.
record EnvelopedBasis(RadialBasis basis, Envelope envelope) implements RadialBasis {
  @Override
  public int count() {
    return basis.count();
  }

  @Override
  public Tensor values(Tensor distances) {
    return basis.of(distances).multiply(envelope.of(distances));
  }
}
