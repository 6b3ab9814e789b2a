package org.orrery.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.orrery.tensor.Shape;

/// What a model is made of: a line for each part that has parameters of its own or none at all, and totals. A parameter
/// that is used twice is counted once.
/// ```
/// part  kind        parameters                trainable  fixed
/// 0     Linear      weight [16, 4] bias [16]         80      0
/// 1     Activation                                    0      0
/// 2     Linear      weight [1, 16] bias [1]          17      0
/// total 97 values, 97 trainable, 0 fixed, 388 bytes
/// ```
///
/// @param rows the parts, in the order described
/// @param trainable how many numbers an optimizer changes
/// @param fixed how many numbers are running statistics
public record Summary(List<Row> rows, long trainable, long fixed) {
  /// A part of a model.
  ///
  /// @param name its dotted name; empty for the model itself
  /// @param kind the simple name of its class
  /// @param shapes the shapes of its own parameters by name, those of inner parts left out
  /// @param trainable how many numbers these hold that an optimizer changes and no part before it holds
  /// @param fixed likewise for running statistics
  public record Row(String name, String kind, Map<String, Shape> shapes, long trainable, long fixed) {
  }

  /// Copies the list.
  public Summary {
    rows = List.copyOf(rows);
  }

  /// The summary of a model.
  public static Summary of(Block model) {
    Parts parts = Parts.of(model);
    Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Row> rows = new ArrayList<>();
    Map<String, Block> inner = parts.inner();
    addRow(rows, "", model, parts, seen);
    inner.forEach((name, module) -> addRow(rows, name, module, parts, seen));
    long trainable = 0;
    long fixed = 0;
    for (Parameter parameter : seen) {
      int size = parameter.shape().elements();
      trainable += parameter.isTrainable() ? size : 0;
      fixed += parameter.isTrainable() ? 0 : size;
    }
    return new Summary(rows, trainable, fixed);
  }

  /// The memory of the values, at 4 bytes a number.
  public long bytes() {
    return Float.BYTES * (trainable + fixed);
  }

  /// As a table.
  @Override
  public String toString() {
    List<String[]> cells = new ArrayList<>();
    cells.add(new String[] {"part", "kind", "parameters", "trainable", "fixed"});
    for (Row row : rows) {
      List<String> shapes = new ArrayList<>();
      row.shapes().forEach((name, shape) -> shapes.add(name + " " + shape));
      cells.add(new String[] {row.name(), row.kind(), String.join(" ", shapes), Long.toString(row.trainable()),
        Long.toString(row.fixed())});
    }
    int[] widths = new int[5];
    for (String[] line : cells) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], line[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] line : cells) {
      for (int c = 0; c < 3; c++) {
        text.append(line[c]).append(" ".repeat(widths[c] - line[c].length() + 2));
      }
      text.append(" ".repeat(widths[3] - line[3].length())).append(line[3]).append("  ")
          .append(" ".repeat(widths[4] - line[4].length())).append(line[4]).append('\n');
    }
    return text.append("total ").append(trainable + fixed).append(" values, ").append(trainable).append(" trainable, ")
        .append(fixed).append(" fixed, ").append(bytes()).append(" bytes\n").toString();
  }

  private static void addRow(List<Row> rows, String path, Block module, Parts parts, Set<Parameter> seen) {
    String prefix = path.isEmpty() ? "" : path + ".";
    Map<String, Shape> shapes = new LinkedHashMap<>();
    long trainable = 0;
    long fixed = 0;
    for (Map.Entry<String, Parameter> entry : parts.everyName().entrySet()) {
      String name = entry.getKey();
      if (prefix.equals(ownerOf(name, parts))) {
        shapes.put(name.substring(prefix.length()), entry.getValue().shape());
        int size = seen.add(entry.getValue()) ? entry.getValue().shape().elements() : 0;
        trainable += entry.getValue().isTrainable() ? size : 0;
        fixed += entry.getValue().isTrainable() ? 0 : size;
      }
    }
    if (!path.isEmpty() || !shapes.isEmpty()) {
      rows.add(new Row(path, module.getClass().getSimpleName(), Collections.unmodifiableMap(shapes), trainable, fixed));
    }
  }

  /// The prefix of the innermost module that holds the parameter.
  private static String ownerOf(String name, Parts parts) {
    int dot = name.lastIndexOf('.');
    while (dot >= 0 && !parts.inner().containsKey(name.substring(0, dot))) {
      dot = name.lastIndexOf('.', dot - 1);
    }
    return name.substring(0, dot + 1);
  }
}
