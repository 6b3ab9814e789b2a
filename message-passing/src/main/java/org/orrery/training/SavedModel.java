package org.orrery.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.orrery.io.FormatException;
import org.orrery.io.NumericArray;
import org.orrery.io.SafeTensors;
import org.orrery.nn.Block;
import org.orrery.nn.Require;
import org.orrery.nn.State;
import org.orrery.tensor.Scope;
import org.orrery.tensor.Tensor;

/// A model and all that its inputs go through, as one file for inference: parameters, scalers and other statistics as
/// tensors, widths and the rule for building graphs as settings. It is a safetensors file that others can read.
///
/// A file is untrusted input: it names no class, and what does not fit its [ModelFormat] to the last tensor is refused.
/// Training goes on from a [Checkpoint], not from here.
public final class SavedModel {
  private static final String FORMAT = "orrery model 1";
  private static final String SETTING = "settings.";

  private SavedModel() {
  }

  /// Writes or replaces a file, as a whole or not at all.
  ///
  /// @throws ArithmeticException where a weight is NaN or infinite, or a statistic is NaN, naming it; an older file is untouched
  ///         then
  /// @throws IOException where that fails; an older file is untouched then
  public static <M extends Block> void write(Path file, ModelFormat<M> blueprint, M model) throws IOException {
    model.parameters().forEach(
        (name, parameter) -> NotFinite.refuse(file, name, parameter.value().detach(), parameter.isTrainable()));
    Map<String, NumericArray> arrays = new TreeMap<>();
    State.of(model).forEach((name, value) -> arrays.put(name, NumericArray.of(value.shape(), value.toArray())));
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("format", FORMAT);
    metadata.put("kind", blueprint.kind());
    blueprint.settings(model).texts().forEach((name, text) -> metadata.put(SETTING + name, text));
    SafeTensors.of(arrays, metadata).write(file);
  }

  /// Reads a file of this kind. The model gives the bits that the written one gave.
  ///
  /// @throws FormatException naming the file, where it is no saved model, one of another kind, or does not fit
  /// @throws IOException where it cannot be read
  public static <M extends Block> M read(Path file, ModelFormat<M> blueprint) throws IOException {
    SafeTensors content = SafeTensors.read(file);
    if (!content.skipped().isEmpty()) {
      throw new FormatException(
          file + ": tensors " + content.skipped() + " are of types that no model has; F32 is required");
    }
    requireText(file, content, "format", FORMAT);
    requireText(file, content, "kind", blueprint.kind());
    Map<String, String> settings = new TreeMap<>();
    content.metadata().forEach((name, text) -> {
      if (name.startsWith(SETTING)) {
        settings.put(name.substring(SETTING.length()), text);
      }
    });
    try {
      return Scope.outside(() -> {
        M model = blueprint.create(Settings.of(settings));
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        content.arrays().forEach((name, array) -> tensors.put(name, array.tensor()));
        State.load("state", model, tensors);
        requireKnown(settings.keySet(), blueprint.settings(model).texts().keySet());
        return model;
      });
    } catch (IllegalArgumentException | ArithmeticException wrong) {
      throw new FormatException(file + ": " + wrong.getMessage(), wrong);
    }
  }

  /// A setting that nobody reads may have meant something.
  private static void requireKnown(Set<String> came, Set<String> known) {
    Set<String> unknown = new TreeSet<>(came);
    unknown.removeAll(known);
    Require.that(unknown.isEmpty(), "settings", unknown + " are unknown; the model has " + known);
  }

  private static void requireText(Path file, SafeTensors content, String name, String required)
      throws FormatException {
    String came = content.metadata().get(name);
    if (!required.equals(came)) {
      throw new FormatException(file + ": its " + name + " is '" + came + "'; '" + required + "' is required");
    }
  }
}
