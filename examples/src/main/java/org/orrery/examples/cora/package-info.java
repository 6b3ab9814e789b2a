/// Citations of machine-learning papers: what a paper is about, from its words and from what cites it.
@NullMarked
package org.orrery.examples.cora;

import org.jspecify.annotations.NullMarked;
