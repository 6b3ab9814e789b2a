/// The published graph layers and norms over graphs: convolutional (`Gcn`, `GraphSage`, `GraphConv`, `Gin`), attentional
/// (`Gat`, `GatV2`, `TransformerConv`) and general message passing (`EdgeConv`, `Gine`, `NnConv`, `Pna`).
@NullMarked
package org.orrery.layers;

import org.jspecify.annotations.NullMarked;
