package org.orrery.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.orrery.nn.Require;
import org.orrery.tensor.Indices;
import org.orrery.tensor.Key;

/// Divisions of 0 to size - 1 into disjoint parts. The same key gives the same parts; each part ascends.
public final class Split {
  private Split() {
  }

  /// Training and test part of one round of cross-validation.
  ///
  /// @param train what is learned from
  /// @param test what is held out
  public record Fold(Indices train, Indices test) {
  }

  /// Parts of about these fractions of the whole. The k-th border is size (f_1 + ... + f_k), rounded; fractions that
  /// sum to less than 1 leave the rest out.
  ///
  /// @throws IllegalArgumentException where a fraction is negative or their sum exceeds 1
  public static List<Indices> fractions(int size, Key key, double... fractions) {
    return cut(key.permutation(size), fractions);
  }

  /// Parts of about these fractions in which each label is as frequent as in the whole: [#fractions] label by label.
  public static List<Indices> stratified(Indices labels, Key key, double... fractions) {
    List<List<Integer>> parts = new ArrayList<>();
    Arrays.stream(fractions).forEach(fraction -> parts.add(new ArrayList<>()));
    membersByLabel(labels, key).forEach(members -> {
      List<Indices> cut = cut(members, fractions);
      for (int i = 0; i < cut.size(); i++) {
        Arrays.stream(cut.get(i).toArray()).forEach(parts.get(i)::add);
      }
    });
    return parts.stream().map(Split::ascending).toList();
  }

  /// The rounds of cross-validation: test parts that are disjoint, cover everything and differ in size by at most 1.
  ///
  /// @throws IllegalArgumentException unless there are 2 to `size` folds
  public static List<Fold> folds(int size, int count, Key key) {
    requireFolds(size, count);
    return foldsOf(key.permutation(size), count);
  }

  /// [#folds] in which each label is spread evenly over the test parts.
  public static List<Fold> stratifiedFolds(Indices labels, int count, Key key) {
    requireFolds(labels.size(), count);
    int[] order = membersByLabel(labels, key).stream().flatMapToInt(Arrays::stream).toArray();
    return foldsOf(order, count); // neighbors in this order, which share a label, go to different folds
  }

  private static void requireFolds(int size, int count) {
    Require.that(count >= 2 && count <= size, "folds", count + " folds of " + size + "; 2 to " + size + " are allowed");
  }

  private static List<Fold> foldsOf(int[] order, int count) {
    List<Fold> folds = new ArrayList<>();
    for (int fold = 0; fold < count; fold++) {
      List<Integer> train = new ArrayList<>();
      List<Integer> test = new ArrayList<>();
      for (int i = 0; i < order.length; i++) {
        (i % count == fold ? test : train).add(order[i]);
      }
      folds.add(new Fold(ascending(train), ascending(test)));
    }
    return folds;
  }

  private static List<int[]> membersByLabel(Indices labels, Key key) {
    TreeMap<Integer, List<Integer>> members = new TreeMap<>();
    for (int i = 0; i < labels.size(); i++) {
      members.computeIfAbsent(labels.at(i), label -> new ArrayList<>()).add(i);
    }
    List<int[]> shuffled = new ArrayList<>();
    members.forEach((label, list) -> {
      int[] order = key.fold(label).permutation(list.size());
      shuffled.add(Arrays.stream(order).map(list::get).toArray());
    });
    return shuffled;
  }

  private static List<Indices> cut(int[] order, double... fractions) {
    List<Indices> parts = new ArrayList<>();
    double sum = 0;
    int from = 0;
    for (double fraction : fractions) {
      Require.notNegative("split", "fraction", fraction);
      sum += fraction;
      Require.that(sum <= 1 + 1e-9, "split", "fractions " + Arrays.toString(fractions) + " sum to more than 1");
      int to = (int) Math.min(order.length, Math.round(sum * order.length));
      int[] part = Arrays.copyOfRange(order, from, to);
      Arrays.sort(part);
      parts.add(Indices.wrap(part));
      from = to;
    }
    return parts;
  }

  private static Indices ascending(List<Integer> positions) {
    return Indices.wrap(positions.stream().mapToInt(Integer::intValue).sorted().toArray());
  }
}
