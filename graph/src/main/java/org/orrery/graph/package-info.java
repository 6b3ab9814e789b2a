/// Graphs G(V, E, U): who sends to whom, with features of nodes, edges and the whole.
@NullMarked
package org.orrery.graph;

import org.jspecify.annotations.NullMarked;
