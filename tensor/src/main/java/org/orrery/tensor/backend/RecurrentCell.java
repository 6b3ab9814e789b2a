package org.orrery.tensor.backend;

/// What one step of a recurrence does with the gates x that its input gives, the gates u = W h' + b that the state h' of
/// the step before gives, and that state. Gates stand side by side, each of the state's width.
public enum RecurrentCell {
  /// h = tanh(x + u). Elman 1990.
  TANH(1, 1, 0),
  /// h = max(x + u, 0).
  RELU(1, 1, 0),
  /// Gates i, f, g, o: c = sigmoid(f) c' + sigmoid(i) tanh(g), h = sigmoid(o) tanh(c). Hochreiter & Schmidhuber 1997, Gers
  /// et al. 2000. The state is h and, in a second plane, c.
  LSTM(4, 2, 4),
  /// Gates r, z, n: h = (1 - s(z)) n + s(z) h' with n = tanh(`x_n` + s(r) `u_n`), s the sigmoid. Cho et al. 2014, with the
  /// reset behind the product as in PyTorch.
  GRU(3, 1, 4);

  private final int gates;
  private final int planes;
  private final int traced;

  RecurrentCell(int gates, int planes, int traced) {
    this.gates = gates;
    this.planes = planes;
    this.traced = traced;
  }

  /// How many gates.
  public int gates() {
    return gates;
  }

  /// How many planes of numbers a state is.
  public int planes() {
    return planes;
  }

  /// How many numbers of a step, for each of the state, a kernel notes for the way back.
  public int traced() {
    return traced;
  }
}
