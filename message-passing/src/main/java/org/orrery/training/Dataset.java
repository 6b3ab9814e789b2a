package org.orrery.training;

import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.orrery.tensor.Indices;

/// Examples that can be counted and asked for one by one; they may be read or made at each asking.
///
/// @param <T> of an example
public interface Dataset<T> {
  /// How many there are.
  int size();

  /// The example at a position, 0 to size - 1.
  ///
  /// @throws IndexOutOfBoundsException where there is none
  T at(int position);

  /// Examples in memory.
  static <T> Dataset<T> of(List<T> examples) {
    List<T> copy = List.copyOf(examples);
    return of(copy.size(), copy::get);
  }

  /// Examples that a function makes.
  static <T> Dataset<T> of(int size, Function<Integer, T> example) {
    return new Dataset<>() {
      @Override
      public int size() {
        return size;
      }

      @Override
      public T at(int position) {
        return example.apply(position);
      }
    };
  }

  /// The examples at these positions, in their order.
  ///
  /// @throws IndexOutOfBoundsException where one does not exist
  default Dataset<T> subset(Indices positions) {
    positions.requireBelow(size(), "subset: positions");
    return of(positions.size(), i -> at(positions.at(i)));
  }

  /// Each example changed by a function when it is asked for.
  default <S> Dataset<S> map(Function<T, S> change) {
    return of(size(), i -> change.apply(at(i)));
  }

  /// All examples.
  default List<T> all() {
    return IntStream.range(0, size()).mapToObj(this::at).toList();
  }
}
