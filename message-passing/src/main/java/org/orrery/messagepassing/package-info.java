/// Message passing: messages, aggregations, and the published layers as configurations of one mechanism.
///
/// A model is a [org.orrery.messagepassing.GraphSequential] of layers, or a module that applies them as it likes:
/// ```java
/// var model = GraphSequential.of(GraphSage.create(1433, 64, key.fold(0))).then(Activation.RELU)
///     .then(Gat.create(64, 7, AttentionOptions.heads(4).averaged(), key.fold(1)));
/// ```
@NullMarked
package org.orrery.messagepassing;

import org.jspecify.annotations.NullMarked;
