/// The CPU backend: vector kernels and their permanent scalar twins.
@NullMarked
package org.orrery.tensor.cpu;

import org.jspecify.annotations.NullMarked;
