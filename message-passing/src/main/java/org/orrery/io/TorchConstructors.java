package org.orrery.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The calls that a state dictionary consists of. The result of any other call is [Pickle.Skipped].
final class TorchConstructors implements Pickle.Constructors {
  static final String ORDERED = "collections.OrderedDict";
  private static final String TENSOR = "torch._utils._rebuild_tensor"; // of PyTorch before 0.4
  private static final String TENSOR_2 = "torch._utils._rebuild_tensor_v2";
  private static final String TENSOR_3 = "torch._utils._rebuild_tensor_v3"; // the storage has bytes and no type
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
  private static final String FROM_TYPE = "torch._tensor._rebuild_from_type_v2"; // a tensor with attributes
  private static final String SIZE = "torch.Size";
  private static final List<String> PLAIN = List.of("torch.Tensor", "torch._tensor.Tensor",
      "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer");
  private static final int AXIS = 40; // bytes that an axis takes
  private static final int TENSOR_BYTES = 512;
  private static final int PAIR = 192;

  private static final Map<String, TorchView.Kind> STORAGES = kinds("torch.", "DoubleStorage F64 8",
      "FloatStorage F32 4", "HalfStorage F16 2", "BFloat16Storage BF16 2", "LongStorage I64 8", "IntStorage I32 4",
      "ShortStorage I16 2", "CharStorage I8 1", "ByteStorage U8 1", "BoolStorage BOOL 1", "UntypedStorage U8 1",
      "storage.UntypedStorage U8 1", "ComplexDoubleStorage - 16", "ComplexFloatStorage - 8", "QUInt8Storage - 1",
      "QInt8Storage - 1", "QInt32Storage - 4", "QUInt4x2Storage - 1", "QUInt2x4Storage - 1");
  private static final Map<String, TorchView.Kind> TYPES = kinds("torch.", "float64 F64 8", "float32 F32 4",
      "float16 F16 2", "bfloat16 BF16 2", "float8_e4m3fn F8_E4M3 1", "float8_e5m2 F8_E5M2 1", "int64 I64 8",
      "int32 I32 4", "int16 I16 2", "int8 I8 1", "uint64 U64 8", "uint32 U32 4", "uint16 U16 2", "uint8 U8 1",
      "bool BOOL 1");

  private static Map<String, TorchView.Kind> kinds(String prefix, String... lines) {
    Map<String, TorchView.Kind> kinds = new HashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      kinds.put(prefix + words[0], new TorchView.Kind(prefix + words[0],
          words[1].equals("-") ? null : ElementType.valueOf(words[1]), Integer.parseInt(words[2])));
    }
    return kinds;
  }

  private final String what;
  private final Budget budget;
  private final Map<String, TorchView.Storage> storages = new LinkedHashMap<>();

  TorchConstructors(String what, Budget budget) {
    this.what = what;
    this.budget = budget;
  }

  /// The storages by their keys, of which each was named at least once.
  Map<String, TorchView.Storage> storages() {
    return storages;
  }

  @Override
  public Object call(String name, Object[] arguments) throws FormatException {
    boolean fits = switch (name) {
      case ORDERED -> arguments.length == 0 || (arguments.length == 1 && arguments[0] instanceof ArrayList);
      case SIZE -> arguments.length == 1 && arguments[0] instanceof Object[];
      case PARAMETER -> arguments.length == 3 && isTensor(arguments[0]);
      case PARAMETER_WITH_STATE -> arguments.length == 4 && isTensor(arguments[0]);
      case TENSOR -> arguments.length == 4;
      case TENSOR_2 -> arguments.length >= 6 && arguments.length <= 7;
      case TENSOR_3 -> arguments.length >= 7 && arguments.length <= 8 && arguments[6] instanceof Pickle.Global;
      case FROM_TYPE -> arguments.length == 4 && arguments[0] instanceof Pickle.Global
          && arguments[1] instanceof Pickle.Global && arguments[2] instanceof Object[];
      default -> true;
    };
    if (!fits) {
      throw new FormatException(what + ": a call of " + name + " with " + kinds(arguments)
          + "; the arguments that torch.save writes are required");
    }
    return switch (name) {
      case ORDERED -> arguments.length == 0 ? new LinkedHashMap<>() : ofPairs((ArrayList<?>) arguments[0]);
      case SIZE, PARAMETER, PARAMETER_WITH_STATE -> arguments[0];
      case TENSOR -> view(arguments, null, null);
      case TENSOR_2 -> view(arguments, null, arguments.length > 6 ? arguments[6] : null);
      case TENSOR_3 -> view(arguments, (Pickle.Global) arguments[6], arguments.length > 7 ? arguments[7] : null);
      case FROM_TYPE -> ofType((Pickle.Global) arguments[0], (Pickle.Global) arguments[1], (Object[]) arguments[2]);
      default -> new Pickle.Skipped(ZipArchive.shown(name));
    };
  }

  private static boolean isTensor(Object value) {
    return value instanceof TorchView || value instanceof Pickle.Skipped;
  }

  private static List<String> kinds(Object[] values) {
    return Arrays.stream(values).limit(8).map(Pickle::kind).toList();
  }

  /// As Python 2 wrote ordered dictionaries.
  private Object ofPairs(List<?> pairs) throws FormatException {
    Map<Pickle.Key, Object> dictionary = new LinkedHashMap<>();
    for (Object pair : pairs) {
      Object[] both = pair instanceof Object[] tuple
          ? tuple
          : pair instanceof ArrayList<?> list && list.size() == 2 ? list.toArray() : new Object[0];
      if (both.length != 2) {
        throw new FormatException(what + ": " + Pickle.kind(pair) + " in an ordered dictionary; a pair is required");
      }
      budget.charge(PAIR, what);
      Pickle.put(dictionary, both[0], both[1]);
    }
    return dictionary;
  }

  /// A subclass of tensors may mean something else by its numbers.
  private Object ofType(Pickle.Global function, Pickle.Global type, Object[] arguments) throws FormatException {
    boolean tensor = List.of(TENSOR, TENSOR_2, TENSOR_3, PARAMETER).contains(function.name());
    return tensor && PLAIN.contains(type.name())
        ? call(function.name(), arguments)
        : new Pickle.Skipped(ZipArchive.shown(type.name()));
  }

  /// ('storage', type, key, device, elements), and before PyTorch 1.6 behind these None or (key, start, elements) of a
  /// part; or ('module', class, file, source)
  @Override
  public Object persistent(Object identifier) throws FormatException {
    if (identifier instanceof Object[] parts && parts.length >= 2 && "module".equals(parts[0])
        && parts[1] instanceof Pickle.Global module) {
      return module;
    }
    if (identifier instanceof Object[] parts && (parts.length == 5 || parts.length == 6) && "storage".equals(parts[0])
        && parts[1] instanceof Pickle.Global global && parts[2] instanceof String key && parts[3] instanceof String
        && parts[4] instanceof Long elements && elements >= 0) {
      TorchView.Kind kind = STORAGES.get(global.name());
      if (kind == null) {
        throw new FormatException(what + ": a storage of " + ZipArchive.shown(global.name()) + "; one of "
            + STORAGES.keySet().stream().sorted().toList() + " is required");
      }
      budget.charge(TENSOR_BYTES, what);
      TorchView.Storage whole = TorchView.Storage.whole(kind, key, elements);
      storages.putIfAbsent(key, whole);
      return parts.length == 6 ? part(whole, parts[5]) : whole;
    }
    throw new FormatException(what + ": the persistent identifier "
        + (identifier instanceof Object[] parts ? kinds(parts).toString() : Pickle.kind(identifier))
        + "; ('storage', type, key, device, number of elements) is required");
  }

  private TorchView.Storage part(TorchView.Storage whole, Object part) throws FormatException {
    if (part.equals(Pickle.NONE)) {
      return whole;
    }
    if (part instanceof Object[] parts && parts.length == 3 && parts[1] instanceof Long start
        && parts[2] instanceof Long length && start >= 0 && length >= 0 && start <= whole.elements()
        && length <= whole.elements() - start) {
      return new TorchView.Storage(whole.kind(), whole.key(), whole.elements(), start, length);
    }
    throw new FormatException(what + ": a part " + (part instanceof Object[] parts ? kinds(parts) : Pickle.kind(part))
        + " of a storage of " + whole.elements() + " elements; key, start and number inside it are required");
  }

  private Object view(Object[] arguments, Pickle.@Nullable Global type, @Nullable Object metadata)
      throws FormatException {
    if (!(arguments[0] instanceof TorchView.Storage storage && arguments[1] instanceof Long offset
        && arguments[2] instanceof Object[] sizes && arguments[3] instanceof Object[] strides)) {
      throw new FormatException(what + ": a tensor of " + kinds(Arrays.copyOf(arguments, 4))
          + "; storage, offset, sizes and strides are required");
    }
    if (sizes.length > NumberBytes.MOST_AXES || sizes.length != strides.length) {
      throw new FormatException(what + ": " + sizes.length + " sizes and " + strides.length
          + " strides; as many of each, and at most " + NumberBytes.MOST_AXES + ", are required");
    }
    TorchView.Storage typed = storage;
    if (type != null) {
      TorchView.Kind kind = TYPES.get(type.name());
      if (kind == null || kind.type() == null) {
        return new Pickle.Skipped("a tensor of " + ZipArchive.shown(type.name()));
      }
      long bytes = storage.elements() * storage.kind().bytes();
      if (storage.elements() > NumberBytes.MOST_ELEMENTS || bytes % kind.bytes() != 0
          || storage.length() != storage.elements()) {
        throw new FormatException(what + ": " + type.name() + " in a storage of " + storage.elements() + " "
            + storage.kind().name() + "; a whole number of them is required");
      }
      typed = TorchView.Storage.whole(kind, storage.key(), bytes / kind.bytes());
    }
    if (typed.kind().type() == null) {
      return new Pickle.Skipped("a tensor of " + typed.kind().name());
    }
    budget.charge(TENSOR_BYTES + (long) AXIS * sizes.length, what);
    return new TorchView(typed, offset, longs(sizes), longs(strides), changed(metadata));
  }

  /// The name of a bit that changes the numbers.
  private @Nullable String changed(@Nullable Object metadata) throws FormatException {
    if (metadata == null || metadata.equals(Pickle.NONE)) {
      return null;
    }
    if (!(metadata instanceof LinkedHashMap<?, ?> bits)) {
      throw new FormatException(what + ": the metadata of a tensor are " + Pickle.kind(metadata)
          + "; a dictionary is required");
    }
    for (Map.Entry<?, ?> bit : bits.entrySet()) {
      if (!Boolean.FALSE.equals(bit.getValue())) {
        return ZipArchive.shown(((Pickle.Key) bit.getKey()).text());
      }
    }
    return null;
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
