package org.orrery.training;

import org.orrery.nn.Block;

/// How models of one kind are written down and made again, so that a file can hold one: see [SavedModel].
///
/// ```java
/// final class OfMyNetwork implements ModelFormat<MyNetwork> {
///   public String kind() { return "my network 1"; }
///   public Settings settings(MyNetwork model) {
///     return Settings.none().with("hidden", model.hidden()).with("graph", model.rule());
///   }
///   public MyNetwork create(Settings settings) {
///     return MyNetwork.create(settings.integer("hidden", 1, 4096), NeighborRule.of(settings.text("graph")), Key.of(0));
///   }
/// }
/// ```
///
/// @param <M> the models. What their inputs go through belongs to them: a [Scaler] is a part, a rule for building graphs
/// a setting
public interface ModelFormat<M extends Block> {
  /// The name of the kind, with a number where older files would be read otherwise.
  String kind();

  /// What [#create] needs to make a model of the same parts.
  Settings settings(M model);

  /// A model of these parts whose parameters will be overwritten. Settings may come from a stranger's file: what cannot
  /// be is an error, sizes are bounded before anything is allocated.
  ///
  /// @throws IllegalArgumentException saying what is wrong with the settings
  M create(Settings settings);
}
