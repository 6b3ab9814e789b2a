/// Language models of characters: an LSTM along a path, a transformer on a complete graph, on the same text.
@NullMarked
package org.orrery.examples.shakespeare;

import org.jspecify.annotations.NullMarked;
