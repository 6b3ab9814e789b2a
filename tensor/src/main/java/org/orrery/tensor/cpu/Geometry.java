package org.orrery.tensor.cpu;

import java.util.List;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// A window in three axes, planes, rows and columns, as the loops over it need it.
///
/// @param planes outermost axis
/// @param rows middle axis
/// @param columns innermost axis
record Geometry(Axis planes, Axis rows, Axis columns) {
  static Geometry of(Window window) {
    List<Axis> axes = window.inThreeAxes().axes();
    return new Geometry(axes.get(0), axes.get(1), axes.get(2));
  }

  /// Cells of the box.
  int cells() {
    return planes.size() * rows.size() * columns.size();
  }

  /// Outputs of the box.
  int outputs() {
    return planes.outputs() * rows.outputs() * columns.outputs();
  }

  /// Rows of taps: planes times rows of the kernel.
  int kernelRows() {
    return planes.kernel() * rows.kernel();
  }

  /// Rows of outputs.
  int outputRows() {
    return planes.outputs() * rows.outputs();
  }

  /// The number of the row of cells that a row of outputs sees with a row of taps, or -1 outside the box.
  int cellRow(int outputRow, int kernelRow) {
    int plane = planes.cell(outputRow / rows.outputs(), kernelRow / rows.kernel());
    int row = rows.cell(outputRow % rows.outputs(), kernelRow % rows.kernel());
    return plane < 0 || plane >= planes.size() || row < 0 || row >= rows.size() ? -1 : plane * rows.size() + row;
  }

  /// The number of the row of outputs that sees a row of cells with a row of taps, or -1 where none does.
  int outputRow(int cellRow, int kernelRow) {
    int plane = output(planes, cellRow / rows.size(), kernelRow / rows.kernel());
    int row = output(rows, cellRow % rows.size(), kernelRow % rows.kernel());
    return plane < 0 || row < 0 ? -1 : plane * rows.outputs() + row;
  }

  private static int output(Axis axis, int cell, int tap) {
    int steps = cell + axis.before() - tap * axis.dilation();
    return steps < 0 || steps % axis.stride() != 0 || steps / axis.stride() >= axis.outputs()
        ? -1
        : steps / axis.stride();
  }
}
