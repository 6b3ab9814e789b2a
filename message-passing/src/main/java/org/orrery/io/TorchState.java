package org.orrery.io;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.orrery.tensor.Shape;

/// What a checkpoint's pickle holds, under dotted names.
final class TorchState {
  private static final int DEEPEST = 100;
  private static final int VISIT = 16; // bytes
  private static final int NAMED = 192; // bytes that a name with its value takes

  /// The numbers of storages.
  interface Storages {
    /// All numbers of a storage, for a tensor that messages name.
    Object numbers(String tensor, TorchView.Storage storage) throws IOException;
  }

  private final String source;
  private final Budget budget;
  private final Storages storages;
  private final Map<String, NumericArray> arrays = new LinkedHashMap<>();
  private final Map<String, String> metadata = new LinkedHashMap<>();
  private final Map<String, String> skipped = new LinkedHashMap<>();
  private final Map<String, NumericArray> views = new HashMap<>();

  private TorchState(String source, Budget budget, Storages storages) {
    this.source = source;
    this.budget = budget;
    this.storages = storages;
  }

  /// @param value of the pickle
  static TorchState of(String source, Object value, Budget budget, Storages storages) throws IOException {
    if (value instanceof Pickle.Skipped || value instanceof Pickle.Global || value instanceof TorchView.Storage) {
      throw new FormatException(source + ": all of it is " + (value instanceof Pickle.Skipped skipped
          ? "an object of " + skipped.what()
          : Pickle.kind(value)) + ", and nothing of it was made or called; a tensor, dictionary, list or tuple is "
          + "required, as torch.save(model.state_dict(), file) writes it");
    }
    TorchState state = new TorchState(source, budget, storages);
    state.flatten(value instanceof TorchView ? "tensor" : "", value, 0);
    return state;
  }

  Map<String, NumericArray> arrays() {
    return arrays;
  }

  Map<String, String> metadata() {
    return metadata;
  }

  Map<String, String> skipped() {
    return skipped;
  }

  /// A pickle may hold one list many times, or a list inside itself: depth and the length of all names are bounded.
  private void flatten(String name, Object value, int depth) throws IOException {
    String place = source + ": " + ZipArchive.shown(name);
    budget.charge(VISIT + 2L * name.length(), place);
    if (depth > DEEPEST) {
      throw new FormatException(place + ": values inside one another deeper than " + DEEPEST + "; no more is allowed");
    }
    String prefix = name.isEmpty() ? "" : name + ".";
    switch (value) {
      case LinkedHashMap<?, ?> dictionary -> {
        for (Map.Entry<?, ?> entry : dictionary.entrySet()) {
          flatten(prefix + ((Pickle.Key) entry.getKey()).text(), entry.getValue(), depth + 1);
        }
      }
      case ArrayList<?> list -> flattenAll(prefix, list.toArray(), depth);
      case Object[] tuple -> flattenAll(prefix, tuple, depth);
      case TorchView view -> add(arrays, name, array(name, view));
      case Long _,BigInteger _,Double _,Boolean _,String _ -> add(metadata, name, value.toString());
      default -> {
        if (value.equals(Pickle.NONE)) {
          add(metadata, name, "None");
        } else {
          add(skipped, name, Pickle.kind(value));
        }
      }
    }
  }

  private void flattenAll(String prefix, Object[] values, int depth) throws IOException {
    for (int i = 0; i < values.length; i++) {
      flatten(prefix + i, values[i], depth + 1);
    }
  }

  private <T> void add(Map<String, T> target, String name, T value) throws FormatException {
    budget.charge(NAMED + 2L * name.length(), source);
    if (arrays.containsKey(name) || metadata.containsKey(name) || skipped.containsKey(name)) {
      throw new FormatException(source + ": two values are called " + ZipArchive.shown(name)
          + "; names that stay apart when joined by dots are required");
    }
    target.put(name, value);
  }

  private NumericArray array(String name, TorchView view) throws IOException {
    String identity = view.identity();
    NumericArray known = views.get(identity);
    String tensor = source + ": tensor " + ZipArchive.shown(name);
    Shape shape = Shape.of(view.checkedSizes(tensor));
    if (known != null) {
      return known;
    }
    ElementType type = Objects.requireNonNull(view.storage().kind().type());
    Object numbers = storages.numbers(tensor, view.storage());
    if (!view.isWhole()) {
      budget.charge((long) shape.elements() * type.bytes(), tensor);
      numbers = view.gather(numbers);
    }
    NumericArray array = NumericArray.wrap(type, shape, numbers);
    views.put(identity, array);
    return array;
  }
}
