package org.orrery.compat;

import java.util.ArrayList;
import java.util.List;
import org.orrery.tensor.Window;
import org.orrery.tensor.Window.Axis;

/// What becomes of cells that fill no whole window.
public enum Rounding {
  /// they are left out
  FLOOR,
  /// one more window reaches beyond the box, provided that it starts inside the box or the padding before it
  CEILING;

  /// How a kernel slides over a box.
  Window window(Kernel kernel, List<Integer> cells) {
    Window window = kernel.window(cells);
    if (this == FLOOR) {
      return window;
    }
    List<Axis> axes = new ArrayList<>();
    for (Axis axis : window.axes()) {
      int span = axis.dilation() * (axis.kernel() - 1) + 1;
      int room = axis.size() + axis.before() + axis.after() - span;
      int outputs = (room + axis.stride() - 1) / axis.stride() + 1;
      if ((outputs - 1) * axis.stride() >= axis.size() + axis.before()) {
        outputs--;
      }
      int after = Math.max(axis.after(), (outputs - 1) * axis.stride() + span - axis.size() - axis.before());
      axes.add(new Axis(axis.size(), axis.kernel(), axis.stride(), axis.dilation(), axis.before(), after));
    }
    return new Window(axes);
  }
}
