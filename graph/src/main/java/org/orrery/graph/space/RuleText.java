package org.orrery.graph.space;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Neighbor rules and spaces as text, as it is kept with models.
final class RuleText {
  private RuleText() {
  }

  static NeighborRule rule(String text) {
    Deque<String> words = new ArrayDeque<>(List.of(text.strip().split("\\s+")));
    try {
      return switch (next(words)) {
        case "within" -> within(words);
        case "nearest" -> nearest(words);
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException unfit) {
      throw new IllegalArgumentException("neighbor rule: '" + text + "'; 'within R SPACE' or 'nearest K SPACE' is "
          + "required, SPACE as in 'open 3', 'periodic 1.0 1.0 1.0' or 'triclinic' with its vectors; before it may stand "
          + "'most N' and 'itself', or 'fewer', 'images' and 'itself'", unfit);
    }
  }

  private static NeighborRule within(Deque<String> words) {
    double radius = Double.parseDouble(next(words));
    int most = takes(words, "most") ? Integer.parseInt(next(words)) : Integer.MAX_VALUE;
    Itself itself = takes(words, "itself") ? Itself.INCLUDED : Itself.EXCLUDED;
    return new NeighborRule.Within(space(words), radius, itself, most);
  }

  private static NeighborRule nearest(Deque<String> words) {
    int k = Integer.parseInt(next(words));
    NeighborRule.Shortage shortage = takes(words, "fewer")
        ? NeighborRule.Shortage.ACCEPTED
        : NeighborRule.Shortage.REFUSED;
    NeighborRule.Images images = takes(words, "images") ? NeighborRule.Images.EACH : NeighborRule.Images.NEAREST;
    Itself itself = takes(words, "itself") ? Itself.INCLUDED : Itself.EXCLUDED;
    return new NeighborRule.Nearest(space(words), k, itself, shortage, images);
  }

  private static String next(Deque<String> words) {
    String word = words.poll();
    if (word == null) {
      throw new NumberFormatException();
    }
    return word;
  }

  private static boolean takes(Deque<String> words, String word) {
    boolean there = word.equals(words.peek());
    if (there) {
      words.remove();
    }
    return there;
  }

  private static Space space(Deque<String> words) {
    String kind = next(words);
    double[] numbers = words.stream().takeWhile(word -> !word.equals("open")).mapToDouble(Double::parseDouble)
        .toArray();
    List<String> rest = words.stream().skip(numbers.length).toList();
    if (!rest.isEmpty() && (!kind.equals("triclinic") || rest.size() == 1)) {
      throw new NumberFormatException();
    }
    return switch (kind) {
      case "open" -> {
        if (numbers.length != 1 || numbers[0] != Math.rint(numbers[0])) {
          throw new NumberFormatException();
        }
        yield Space.open((int) numbers[0]);
      }
      case "periodic" -> Space.periodic(numbers);
      case "triclinic" -> {
        int dimensions = (int) Math.round(Math.sqrt(numbers.length));
        if (dimensions * dimensions != numbers.length) {
          throw new NumberFormatException();
        }
        double[][] vectors = new double[dimensions][];
        Arrays.setAll(vectors, i -> Arrays.copyOfRange(numbers, i * dimensions, (i + 1) * dimensions));
        yield Space.triclinic(vectors).openAlong(rest.stream().skip(1).mapToInt(Integer::parseInt).toArray());
      }
      default -> throw new NumberFormatException();
    };
  }

  static String of(Space space) {
    return switch (space) {
      case Rectangular box when Arrays.stream(box.periods()).allMatch(Double::isInfinite) ->
        "open " + space.dimensions();
      case Rectangular box -> "periodic " + joined(box.periods());
      case Triclinic cell -> "triclinic " + Arrays.stream(cell.vectors()).map(RuleText::joined)
          .collect(Collectors.joining(" ")) + open(cell.openDirections());
    };
  }

  private static String open(int[] directions) {
    return directions.length == 0
        ? ""
        : " open " + IntStream.of(directions).mapToObj(Integer::toString).collect(Collectors.joining(" "));
  }

  private static String joined(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }
}
