/// The classical layers as message passing on grids, paths, trees and complete graphs, under the names and with the
/// options that they have elsewhere.
@NullMarked
package org.orrery.compat;

import org.jspecify.annotations.NullMarked;
