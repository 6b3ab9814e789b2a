package org.orrery.graph.space;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.orrery.tensor.Indices;

/// How points become a graph: the space that they are in and who counts as near. A model that was trained on such graphs
/// keeps the rule with its weights; as text it is exact.
public sealed interface NeighborRule {
  /// The space.
  Space space();

  /// The graph of several sets of points, `[points, dimensions]`, row-major.
  ///
  /// @param offsets `[sets + 1]`, where each set starts
  /// @throws IllegalArgumentException as [NeighborList] says
  NeighborList apply(double[] positions, Indices offsets);

  /// The graph of one set of points.
  ///
  /// @throws IllegalArgumentException as [NeighborList] says
  default NeighborList apply(double[] positions) {
    return apply(positions, Indices.of(0, positions.length / space().dimensions()));
  }

  /// All pairs up to a distance.
  ///
  /// @param space the space
  /// @param radius the largest distance
  record Within(Space space, double radius) implements NeighborRule {
    /// Checks the radius.
    ///
    /// @throws IllegalArgumentException unless it is positive, finite and at most [Space#largestRadius()]
    public Within {
      if (!(radius > 0 && radius <= space.largestRadius()) || Double.isInfinite(radius)) {
        throw new IllegalArgumentException("radius graph: radius " + radius + " in " + space + "; a positive one of at "
            + "most " + space.largestRadius() + " is required");
      }
    }

    @Override
    public NeighborList apply(double[] positions, Indices offsets) {
      return NeighborList.within(space, positions, offsets, radius, Itself.EXCLUDED);
    }

    @Override
    public String toString() {
      return "within " + radius + " " + text(space);
    }
  }

  /// The k nearest of each point.
  ///
  /// @param space the space
  /// @param k how many
  record Nearest(Space space, int k) implements NeighborRule {
    /// Checks k.
    ///
    /// @throws IllegalArgumentException where it is below 1
    public Nearest {
      if (k < 1) {
        throw new IllegalArgumentException("k-nearest graph: k is " + k + "; at least 1 is required");
      }
    }

    @Override
    public NeighborList apply(double[] positions, Indices offsets) {
      return NeighborList.nearest(space, positions, offsets, k, Itself.EXCLUDED);
    }

    @Override
    public String toString() {
      return "nearest " + k + " " + text(space);
    }
  }

  /// The rule of this text: `within R SPACE` or `nearest K SPACE`, where SPACE is `open DIMENSIONS`,
  /// `periodic L_0 L_1 ...` or `triclinic` and the components of the lattice vectors.
  ///
  /// @throws IllegalArgumentException where it is no such text
  static NeighborRule of(String text) {
    List<String> words = List.of(text.strip().split("\\s+"));
    try {
      if (words.size() < 3) {
        throw new NumberFormatException();
      }
      Space space = space(words.subList(2, words.size()));
      return switch (words.getFirst()) {
        case "within" -> new Within(space, Double.parseDouble(words.get(1)));
        case "nearest" -> new Nearest(space, Integer.parseInt(words.get(1)));
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException unfit) {
      throw new IllegalArgumentException("neighbor rule: '" + text + "'; 'within R SPACE' or 'nearest K SPACE' is "
          + "required, SPACE as in 'open 3', 'periodic 1.0 1.0 1.0' or 'triclinic' with its vectors", unfit);
    }
  }

  private static Space space(List<String> words) {
    double[] numbers = words.stream().skip(1).mapToDouble(Double::parseDouble).toArray();
    return switch (words.getFirst()) {
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
        yield Space.triclinic(vectors);
      }
      default -> throw new NumberFormatException();
    };
  }

  private static String text(Space space) {
    return switch (space) {
      case Rectangular box when Arrays.stream(box.periods()).allMatch(Double::isInfinite) ->
        "open " + space.dimensions();
      case Rectangular box -> "periodic " + joined(box.periods());
      case Triclinic cell -> "triclinic " + Arrays.stream(cell.vectors()).map(NeighborRule::joined)
          .collect(Collectors.joining(" "));
    };
  }

  private static String joined(double[] numbers) {
    return Arrays.stream(numbers).mapToObj(Double::toString).collect(Collectors.joining(" "));
  }
}
