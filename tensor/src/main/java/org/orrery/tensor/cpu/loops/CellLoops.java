package org.orrery.tensor.cpu.loops;

/// The arithmetic of recurrent cells between their elementary functions, for the state of one sequence at one step: numbers
/// `0` up to `width` of each part from its place. Gates stand side by side, `width` apart. Both kinds give the same bits.
public interface CellLoops {
  /// c = f c' + i g, the gates i, f, g, o behind their functions.
  void lstm(float[] gates, int gatesAt, float[] before, int beforeAt, float[] c, int cAt, int width);

  /// The way back through an LSTM: from the gradients by h and c those by the sums of the gates, and in the place of that by
  /// c the one by c'.
  ///
  /// @param gates behind their functions
  /// @param tanh of c
  void lstmGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] tanh, int tanhAt, float[] byH,
      int byHAt, float[] byC, int byCAt, float[] share, int shareAt, int width);

  /// n = x + r q before its function; the noted gates are r, z, n, q.
  void gruCandidate(float[] gates, int gatesAt, float[] x, int xAt, int width);

  /// h = n + z (h' - n).
  void gru(float[] gates, int gatesAt, float[] before, int beforeAt, float[] h, int hAt, int width);

  /// The way back through a GRU: from the gradient by h those by what the inputs and by what the state gave to the gates,
  /// and in the place of that by h its share of h' that runs by no gate.
  void gruGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] byH, int byHAt, float[] byInput,
      int byInputAt, float[] byState, int byStateAt, int width);
}
