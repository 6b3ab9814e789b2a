package org.orrery.io;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A tensor as a checkpoint's pickle describes it: sizes and strides, in elements, over a storage.
final class TorchView {
  /// A file of numbers in the archive.
  record Storage(ElementType type, String key, long elements) {
    @Override
    public String toString() { return "a bare storage"; }
  }

  final Storage storage;
  private final long offset;
  private final long[] sizes;
  private final long[] strides;

  private TorchView(Storage storage, long offset, long[] sizes, long[] strides) {
    this.storage = storage;
    this.offset = offset;
    this.sizes = sizes;
    this.strides = strides;
  }

  /// The calls that a state dictionary consists of.
  static final class Constructors implements Pickle.Constructors {
    private static final String ORDERED = "collections.OrderedDict";
    private static final String TENSOR = "torch._utils._rebuild_tensor_v2";
    private static final String PARAMETER = "torch._utils._rebuild_parameter";
    private static final String SIZE = "torch.Size";
    private static final Map<String, ElementType> STORAGES = new TreeMap<>(Map.of(
        "torch.DoubleStorage", ElementType.F64, "torch.FloatStorage", ElementType.F32,
        "torch.HalfStorage", ElementType.F16, "torch.BFloat16Storage", ElementType.BF16,
        "torch.LongStorage", ElementType.I64, "torch.IntStorage", ElementType.I32,
        "torch.ShortStorage", ElementType.I16, "torch.CharStorage", ElementType.I8,
        "torch.ByteStorage", ElementType.U8, "torch.BoolStorage", ElementType.BOOL));
    private static final List<String> FUNCTIONS = List.of(ORDERED, TENSOR, PARAMETER, SIZE);

    private final String what;

    Constructors(String what) {
      this.what = what;
    }

    @Override
    public boolean allows(String name) {
      return FUNCTIONS.contains(name) || STORAGES.containsKey(name);
    }

    @Override
    public String allowed() {
      return String.join(", ", FUNCTIONS) + ", " + String.join(", ", STORAGES.keySet());
    }

    @Override
    public Object call(String name, Object[] arguments) throws FormatException {
      boolean fits = switch (name) {
        case ORDERED -> arguments.length == 0;
        case SIZE -> arguments.length == 1 && arguments[0] instanceof Object[];
        case PARAMETER -> arguments.length == 3 && arguments[0] instanceof TorchView;
        case TENSOR -> arguments.length >= 6 && arguments.length <= 7;
        default -> false;
      };
      if (!fits) {
        throw new FormatException(what + ": a call of " + name + " with " + Arrays.stream(arguments).limit(8)
            .map(Pickle::kind).toList() + "; the arguments that torch.save writes are required");
      }
      return switch (name) {
        case ORDERED -> new LinkedHashMap<>();
        case TENSOR -> view(arguments);
        default -> arguments[0];
      };
    }

    /// ('storage', type, key, device, elements)
    @Override
    public Object persistent(Object identifier) throws FormatException {
      if (identifier instanceof Object[] parts && parts.length == 5 && "storage".equals(parts[0])
          && parts[1] instanceof Pickle.Global global && parts[2] instanceof String key && parts[3] instanceof String
          && parts[4] instanceof Long elements) {
        ElementType type = STORAGES.get(global.name());
        if (type != null && elements >= 0) {
          return new Storage(type, key, elements);
        }
      }
      String came = identifier instanceof Object[] parts
          ? Arrays.stream(parts).limit(8).map(Pickle::kind).toList().toString()
          : Pickle.kind(identifier);
      throw new FormatException(what + ": the persistent identifier " + came
          + "; ('storage', type, key, device, number of elements) is required");
    }

    private TorchView view(Object[] arguments) throws FormatException {
      if (!(arguments[0] instanceof Storage storage && arguments[1] instanceof Long offset
          && arguments[2] instanceof Object[] sizes && arguments[3] instanceof Object[] strides)) {
        throw new FormatException(what + ": a tensor of " + Arrays.stream(arguments).limit(4).map(Pickle::kind).toList()
            + "; storage, offset, sizes and strides are required");
      }
      if (sizes.length > NumberBytes.MOST_AXES || sizes.length != strides.length) {
        throw new FormatException(what + ": " + sizes.length + " sizes and " + strides.length
            + " strides; as many of each, and at most " + NumberBytes.MOST_AXES + ", are required");
      }
      return new TorchView(storage, offset, longs(sizes), longs(strides));
    }

    private long[] longs(Object[] values) throws FormatException {
      long[] longs = new long[values.length];
      for (int i = 0; i < longs.length; i++) {
        if (!(values[i] instanceof Long whole)) {
          throw new FormatException(what + ": " + Pickle.kind(values[i])
              + " among sizes or strides; integers are required");
        }
        longs[i] = whole;
      }
      return longs;
    }
  }

  /// The sizes of the axes, after all of the view is found to be inside its storage and without an element twice.
  int[] checkedSizes(String tensor) throws FormatException {
    long elements = NumberBytes.elements(sizes, tensor);
    long last = offset;
    boolean inside = offset >= 0 && offset <= storage.elements();
    for (int axis = 0; axis < sizes.length && elements > 0; axis++) {
      inside &= strides[axis] >= 0 && (sizes[axis] == 1 || strides[axis] <= storage.elements());
      if (inside && sizes[axis] > 1) {
        last += (sizes[axis] - 1) * strides[axis]; // of 31 bits, and of the file's
        inside = last < storage.elements();
      }
    }
    if (!inside || (elements > 0 && last >= storage.elements())) {
      throw new FormatException(tensor + ": sizes " + Arrays.toString(sizes) + " and strides "
          + Arrays.toString(strides) + " from element " + offset + " of a storage of " + storage.elements()
          + "; strides from 0, and all elements inside the storage, are required");
    }
    if (elements > 0 && overlaps()) {
      throw new FormatException(tensor + ": sizes " + Arrays.toString(sizes) + " and strides "
          + Arrays.toString(strides)
          + " overlap; a tensor whose elements are apart is required, as contiguous() gives");
    }
    return Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray();
  }

  /// Each axis must step over all that the narrower ones reach.
  private boolean overlaps() {
    long reach = 0;
    for (int axis : IntStream.range(0, sizes.length).filter(i -> sizes[i] > 1).boxed()
        .sorted(Comparator.comparingLong(i -> strides[i])).toList()) {
      if (strides[axis] <= reach) {
        return true;
      }
      reach += (sizes[axis] - 1) * strides[axis];
    }
    return false;
  }

  /// Equal for equal views.
  String identity() {
    return storage.type() + " " + storage.key() + " " + storage.elements() + " " + offset + " "
        + Arrays.toString(sizes) + Arrays.toString(strides);
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
    return offset == 0 && expected == storage.elements();
  }

  /// The elements in row-major order, taken from the storage's numbers.
  Object gather(Object numbers) {
    return StridedNumbers.gather(numbers, offset, sizes, strides);
  }

  @Override
  public String toString() {
    return "a tensor";
  }
}
