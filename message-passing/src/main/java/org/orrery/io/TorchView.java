package org.orrery.io;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A tensor as a checkpoint's pickle describes it: sizes and strides, in elements, over a storage. Strides may be 0 and
/// elements may be shared, as `expand` and `unfold` make them.
///
/// @param storage where the numbers are
/// @param offset of the first element
/// @param sizes of the axes
/// @param strides of the axes
/// @param changed what the metadata say about the numbers beyond these, null where they say nothing
@SuppressWarnings("ArrayRecordComponent") // never compared
record TorchView(Storage storage, long offset, long[] sizes, long[] strides, @Nullable String changed) {
  /// How a storage keeps numbers.
  ///
  /// @param name as PyTorch has it
  /// @param type of the numbers, null where they are not read
  /// @param bytes that one takes
  record Kind(String name, @Nullable ElementType type, int bytes) {
  }

  /// Numbers in the file.
  ///
  /// @param kind how they are kept
  /// @param key their name
  /// @param elements how many there are
  /// @param start the first one that is meant
  /// @param length how many are meant
  record Storage(Kind kind, String key, long elements, long start, long length) {
    static Storage whole(Kind kind, String key, long elements) {
      return new Storage(kind, key, elements, 0, elements);
    }

    @Override
    public String toString() { return "a bare storage"; }
  }

  /// The sizes of the axes, after all of the view is found to be inside its storage.
  int[] checkedSizes(String tensor) throws FormatException {
    if (changed != null) {
      throw new FormatException(tensor + ": its " + changed
          + " bit is set, so that its numbers are others than those of the file; a tensor that was saved after resolve_"
          + changed + "() is required");
    }
    long elements = NumberBytes.elements(sizes, tensor);
    long last = offset;
    boolean inside = offset >= 0 && offset <= storage.length();
    for (int axis = 0; axis < sizes.length && elements > 0; axis++) {
      inside &= strides[axis] >= 0 && (sizes[axis] == 1 || strides[axis] <= storage.length());
      if (inside && sizes[axis] > 1) {
        last += (sizes[axis] - 1) * strides[axis]; // of 31 bits, and of the file's
        inside = last < storage.length();
      }
    }
    if (!inside || (elements > 0 && last >= storage.length())) {
      throw new FormatException(tensor + ": sizes " + Arrays.toString(sizes) + " and strides "
          + Arrays.toString(strides) + " from element " + offset + " of a storage of " + storage.length()
          + "; strides from 0, and all elements inside the storage, are required");
    }
    return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  /// Equal for equal views.
  String identity() {
    return storage.kind().name() + " " + storage.key() + " " + storage.elements() + " " + (storage.start() + offset)
        + " " + Arrays.toString(sizes) + Arrays.toString(strides);
  }

  /// Whether it is the whole storage in its order.
  boolean isWhole() {
    long expected = 1;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      if (sizes[axis] > 1 && strides[axis] != expected) {
        return false;
      }
      expected *= sizes[axis];
    }
    return storage.start() + offset == 0 && expected == storage.elements();
  }

  /// The elements in row-major order, taken from the storage's numbers.
  Object gather(Object numbers) {
    return StridedNumbers.gather(numbers, storage.start() + offset, sizes, strides);
  }

  @Override
  public String toString() {
    return "a tensor";
  }
}
