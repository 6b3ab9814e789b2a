package org.orrery.report;

import static org.orrery.report.Checks.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/// Columns for a tree: each leaf gets one, the heaviest branch of every merger goes straight on, lighter ones stand to
/// alternate sides.
final class TreeLayout {
  private TreeLayout() {
  }

  /// The one node without a descendant.
  ///
  /// @throws IllegalArgumentException where there is none or another, or where descendants run in a circle
  static int rootOf(String title, List<Integer> descendants) {
    int root = -1;
    for (int i = 0; i < descendants.size(); i++) {
      int next = descendants.get(i);
      require(next >= -1 && next < descendants.size() && next != i, "tree " + title, "node " + i + " -> " + next,
          "another of " + descendants.size() + " nodes, or -1");
      if (next < 0) {
        require(root < 0, "tree " + title, "roots " + root + " and " + i, "one root");
        root = i;
      }
    }
    require(root >= 0, "tree " + title, "no root", "one node with descendant -1");
    int reached = order(root, progenitors(descendants, i -> 0)).size();
    require(reached == descendants.size(), "tree " + title, reached + " of " + descendants.size()
        + " nodes lead to the root", "all must");
    return root;
  }

  /// Progenitors of every node, the heaviest first.
  static List<List<Integer>> progenitors(List<Integer> descendants, IntToDoubleFunction mass) {
    List<List<Integer>> found = new ArrayList<>();
    descendants.forEach(node -> found.add(new ArrayList<>()));
    for (int i = 0; i < descendants.size(); i++) {
      if (descendants.get(i) >= 0) {
        found.get(descendants.get(i)).add(i);
      }
    }
    Comparator<Integer> heavyFirst = Comparator.comparingDouble(i -> -mass.applyAsDouble(i));
    found.forEach(list -> list.sort(heavyFirst));
    return found;
  }

  /// A column of each node, from 0, so that no two branches cross.
  static double[] columns(List<Integer> descendants, IntToDoubleFunction mass) {
    List<List<Integer>> progenitors = progenitors(descendants, mass);
    int root = rootOf("to draw", descendants);
    double[] column = new double[descendants.size()];
    double[] next = {0};
    Deque<int[]> open = new ArrayDeque<>();
    open.push(new int[] {root, 0});
    while (!open.isEmpty()) {
      int[] top = open.peek();
      List<Integer> branches = sideBySide(progenitors.get(top[0]));
      branches = open.size() % 2 == 0 ? branches.reversed() : branches;
      if (top[1] < branches.size()) {
        open.push(new int[] {branches.get(top[1]++), 0});
        continue;
      }
      open.pop();
      column[top[0]] = branches.isEmpty() ? next[0]++ : column[progenitors.get(top[0]).getFirst()];
    }
    double first = Arrays.stream(column).min().orElse(0);
    return Arrays.stream(column).map(c -> c - first).toArray();
  }

  /// The heaviest in the middle, the others right and left of it in turn.
  private static List<Integer> sideBySide(List<Integer> heavyFirst) {
    Deque<Integer> placed = new ArrayDeque<>();
    for (int k = 0; k < heavyFirst.size(); k++) {
      if (k % 2 == 0) {
        placed.addFirst(heavyFirst.get(k));
      } else {
        placed.addLast(heavyFirst.get(k));
      }
    }
    return List.copyOf(placed);
  }

  private static List<Integer> order(int root, List<List<Integer>> progenitors) {
    List<Integer> reached = new ArrayList<>();
    Deque<Integer> open = new ArrayDeque<>(List.of(root));
    while (!open.isEmpty()) {
      int node = open.pop();
      reached.add(node);
      progenitors.get(node).forEach(open::push);
    }
    return reached;
  }
}
