package org.orrery.examples.karate;

/// The embedding about its mean, turned so that the first axis is the direction in which it is widest, with the labeled
/// administrator on its positive side.
final class PrincipalAxes {
  private final double[] positions;
  private final Karate.Line line;

  private PrincipalAxes(double[] positions, Karate.Line line) {
    this.positions = positions;
    this.line = line;
  }

  static PrincipalAxes of(Karate.Result result) {
    double[] h = result.embedding().toDoubles();
    int members = h.length / 2;
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < members; i++) {
      meanX += h[2 * i] / members;
      meanY += h[2 * i + 1] / members;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < members; i++) {
      double x = h[2 * i] - meanX;
      double y = h[2 * i + 1] - meanY;
      xx += x * x;
      xy += x * y;
      yy += y * y;
    }
    double angle = Math.atan2(2 * xy, xx - yy) / 2; // of the eigenvector with the larger eigenvalue
    int administrator = result.club().graph().mask(KarateClub.LABELED).at(1);
    double along = (h[2 * administrator] - meanX) * Math.cos(angle)
        + (h[2 * administrator + 1] - meanY) * Math.sin(angle);
    double cos = Math.cos(angle) * Math.signum(along);
    double sin = Math.sin(angle) * Math.signum(along);
    double[] turned = new double[h.length];
    for (int i = 0; i < members; i++) {
      double x = h[2 * i] - meanX;
      double y = h[2 * i + 1] - meanY;
      turned[2 * i] = x * cos + y * sin;
      turned[2 * i + 1] = y * cos - x * sin;
    }
    Karate.Line line = result.line();
    return new PrincipalAxes(turned, new Karate.Line(line.a() * cos + line.b() * sin, line.b() * cos - line.a() * sin,
        line.a() * meanX + line.b() * meanY + line.c()));
  }

  /// Of a member, along the first axis.
  double x(int node) {
    return positions[2 * node];
  }

  /// Of a member, along the second axis.
  double y(int node) {
    return positions[2 * node + 1];
  }

  /// How many members there are.
  int members() {
    return positions.length / 2;
  }

  /// Where the line between the sides is at this height.
  double dividing(double y) {
    return -(line.b() * y + line.c()) / line.a();
  }
}
