package org.orrery.tensor.cpu.loops;

import static org.orrery.tensor.cpu.loops.Lanes.LANES;
import static org.orrery.tensor.cpu.loops.Lanes.every;
import static org.orrery.tensor.cpu.loops.Lanes.load;

import jdk.incubator.vector.FloatVector;

/// [CellLoops] with vectors. What is left behind whole vectors runs in [ScalarCells], by the same steps.
final class VectorCells implements CellLoops {
  @Override
  public void lstm(float[] gates, int gatesAt, float[] before, int beforeAt, float[] c, int cAt, int width) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      int i = gatesAt + j;
      load(gates, i + width).fma(load(before, beforeAt + j), load(gates, i).mul(load(gates, i + 2 * width)))
          .intoArray(c, cAt + j);
    }
    ScalarCells.lstm(gates, gatesAt, before, beforeAt, c, cAt, width, j);
  }

  @Override
  public void lstmGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] tanh, int tanhAt,
      float[] byH, int byHAt, float[] byC, int byCAt, float[] share, int shareAt, int width) {
    FloatVector one = every(1f);
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector i = load(gates, gatesAt + j);
      FloatVector f = load(gates, gatesAt + width + j);
      FloatVector g = load(gates, gatesAt + 2 * width + j);
      FloatVector o = load(gates, gatesAt + 3 * width + j);
      FloatVector t = load(tanh, tanhAt + j);
      FloatVector dh = load(byH, byHAt + j);
      FloatVector dc = dh.mul(o).fma(t.neg().fma(t, one), load(byC, byCAt + j));
      dc.mul(g).mul(i.mul(one.sub(i))).intoArray(share, shareAt + j);
      dc.mul(load(before, beforeAt + j)).mul(f.mul(one.sub(f))).intoArray(share, shareAt + width + j);
      dc.mul(i).mul(g.neg().fma(g, one)).intoArray(share, shareAt + 2 * width + j);
      dh.mul(t).mul(o.mul(one.sub(o))).intoArray(share, shareAt + 3 * width + j);
      dc.mul(f).intoArray(byC, byCAt + j);
    }
    ScalarCells.lstmGradient(gates, gatesAt, before, beforeAt, tanh, tanhAt, byH, byHAt, byC, byCAt, share, shareAt,
        width, j);
  }

  @Override
  public void gruCandidate(float[] gates, int gatesAt, float[] x, int xAt, int width) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      int i = gatesAt + j;
      load(gates, i).fma(load(gates, i + 3 * width), load(x, xAt + j)).intoArray(gates, i + 2 * width);
    }
    ScalarCells.gruCandidate(gates, gatesAt, x, xAt, width, j);
  }

  @Override
  public void gru(float[] gates, int gatesAt, float[] before, int beforeAt, float[] h, int hAt, int width) {
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector n = load(gates, gatesAt + 2 * width + j);
      load(gates, gatesAt + width + j).fma(load(before, beforeAt + j).sub(n), n).intoArray(h, hAt + j);
    }
    ScalarCells.gru(gates, gatesAt, before, beforeAt, h, hAt, width, j);
  }

  @Override
  public void gruGradient(float[] gates, int gatesAt, float[] before, int beforeAt, float[] byH, int byHAt,
      float[] byInput, int byInputAt, float[] byState, int byStateAt, int width) {
    FloatVector one = every(1f);
    int j = 0;
    for (; j <= width - LANES; j += LANES) {
      FloatVector r = load(gates, gatesAt + j);
      FloatVector z = load(gates, gatesAt + width + j);
      FloatVector n = load(gates, gatesAt + 2 * width + j);
      FloatVector dh = load(byH, byHAt + j);
      FloatVector dn = dh.mul(one.sub(z)).mul(n.neg().fma(n, one));
      FloatVector dr = dn.mul(load(gates, gatesAt + 3 * width + j)).mul(r.mul(one.sub(r)));
      FloatVector dz = dh.mul(load(before, beforeAt + j).sub(n)).mul(z.mul(one.sub(z)));
      dr.intoArray(byInput, byInputAt + j);
      dz.intoArray(byInput, byInputAt + width + j);
      dn.intoArray(byInput, byInputAt + 2 * width + j);
      dr.intoArray(byState, byStateAt + j);
      dz.intoArray(byState, byStateAt + width + j);
      dn.mul(r).intoArray(byState, byStateAt + 2 * width + j);
      dh.mul(z).intoArray(byH, byHAt + j);
    }
    ScalarCells.gruGradient(gates, gatesAt, before, beforeAt, byH, byHAt, byInput, byInputAt, byState, byStateAt, width,
        j);
  }
}
