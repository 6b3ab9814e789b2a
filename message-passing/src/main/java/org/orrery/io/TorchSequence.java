package org.orrery.io;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What `torch.save` wrote before PyTorch 1.6: five pickles, one behind the other, and the numbers of the storages.
///
/// The pickles are a magic number, the version 1001, properties of the machine, the value, and the list of the storages'
/// keys. Behind them each storage of that list has the number of its elements, of 64 bits, and the elements; everything
/// is little-endian. See `_legacy_save` in PyTorch's `torch/serialization.py`.
final class TorchSequence implements TorchState.Storages {
  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final long VERSION = 1001;
  private static final int BUFFER = 1 << 16;

  private final String source;
  private final Budget budget;
  private final CountedBytes in;
  private final Map<String, Numbers> storages = new HashMap<>();

  /// The numbers of a storage, null where they are not read.
  private record Numbers(@Nullable ElementType type, @Nullable Object values) {
  }

  private TorchSequence(String source, Budget budget, CountedBytes in) {
    this.source = source;
    this.budget = budget;
    this.in = in;
  }

  static TorchState read(Path file) throws IOException {
    String source = file.toString();
    long size = Files.size(file);
    Budget budget = new Budget(size);
    int buffer = (int) Math.min(BUFFER, size + 1);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), buffer)) {
      TorchSequence sequence = new TorchSequence(source, budget, new CountedBytes(in, size, source));
      return TorchState.of(source, sequence.value(), budget, sequence);
    }
  }

  private Object value() throws IOException {
    require("magic number", MAGIC);
    require("version", VERSION);
    Object machine = load(constructors());
    if (!(machine instanceof LinkedHashMap)) {
      throw new FormatException(source + ": the machine's properties are " + Pickle.kind(machine)
          + "; a dictionary is required");
    }
    TorchConstructors constructors = constructors();
    Object value = load(constructors);
    Object keys = load(constructors());
    if (!(keys instanceof ArrayList<?> list)) {
      throw new FormatException(source + ": the storages' keys are " + Pickle.kind(keys) + "; a list is required");
    }
    for (Object key : list) {
      TorchView.Storage storage = key instanceof String ? constructors.storages().get(key) : null;
      if (storage == null || storages.containsKey(storage.key())) {
        throw new FormatException(source + ": " + Pickle.kind(key)
            + " among the storages' keys; each key of the value's storages, once, is required");
      }
      readStorage(storage);
    }
    if (in.remaining() > 0) {
      throw new FormatException(source + " byte " + in.position() + ": " + in.remaining()
          + " bytes behind the last storage; none are allowed");
    }
    return value;
  }

  private TorchConstructors constructors() {
    return new TorchConstructors(source, budget);
  }

  private Object load(TorchConstructors constructors) throws IOException {
    return Pickle.load(in, source, constructors, budget);
  }

  private void require(String name, Object required) throws IOException {
    Object came = load(constructors());
    if (!came.equals(required)) {
      throw new FormatException(source + ": a bare pickle whose " + name + " is "
          + (came instanceof Number ? came : Pickle.kind(came)) + "; " + required
          + ", as torch.save wrote before PyTorch 1.6, is required");
    }
  }

  private void readStorage(TorchView.Storage storage) throws IOException {
    String what = source + ": storage " + ZipArchive.shown(storage.key());
    long count = in.whole(Long.BYTES);
    if (count != storage.elements()) {
      throw new FormatException(what + ": " + count + " elements; " + storage.elements() + ", as the value states, are "
          + "required");
    }
    int width = storage.kind().bytes();
    if (count > NumberBytes.MOST_ELEMENTS || count * width > in.remaining()) {
      throw new FormatException(what + ": " + count + " elements of " + width + " bytes, of which " + in.remaining()
          + " are left; all, and at most " + NumberBytes.MOST_ELEMENTS + " elements, are required");
    }
    ElementType type = storage.kind().type();
    if (type == null) {
      in.skip(count * width);
      storages.put(storage.key(), new Numbers(null, null));
      return;
    }
    budget.charge(count * width, what);
    storages.put(storage.key(), new Numbers(type,
        NumberBytes.decode(type, (int) count, ByteOrder.LITTLE_ENDIAN, what, in.source(what))));
  }

  @Override
  public Object numbers(String tensor, TorchView.Storage storage) throws IOException {
    Numbers numbers = storages.get(storage.key());
    ElementType type = Objects.requireNonNull(storage.kind().type());
    if (numbers == null) {
      throw new FormatException(tensor + ": storage " + ZipArchive.shown(storage.key())
          + " is not among the storages' keys; it is required");
    }
    Object values = numbers.values();
    if (values != null && numbers.type() == type && type.isArray(values, storage.elements())) {
      return values;
    }
    if (values instanceof byte[] bytes && bytes.length == storage.elements() * type.bytes()) { // stored without a type
      budget.charge(bytes.length, tensor);
      return NumberBytes.decode(type, (int) storage.elements(), ByteOrder.LITTLE_ENDIAN, tensor,
          NumberBytes.Source.of(new ByteArrayInputStream(bytes), tensor));
    }
    throw new FormatException(tensor + ": " + storage.elements() + " " + type + " in storage "
        + ZipArchive.shown(storage.key()) + ", which has another type or length; the same are required");
  }
}
