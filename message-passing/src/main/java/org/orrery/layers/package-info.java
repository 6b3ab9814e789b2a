/// The published graph layers and norms over graphs.
///
/// - convolutional: `Gcn`, `ChebConv`, `GraphSage`, `GraphConv`, `Gin`
/// - attentional: `Gat`, `GatV2`, `TransformerConv`
/// - general message passing: `EdgeConv`, `Gine`, `NnConv`, `Pna`
@NullMarked
package org.orrery.layers;

import org.jspecify.annotations.NullMarked;
