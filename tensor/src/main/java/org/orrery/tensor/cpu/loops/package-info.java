/// The loops of the CPU backend, with vectors and in plain Java; what drives them is in [org.orrery.tensor.cpu].
@NullMarked
package org.orrery.tensor.cpu.loops;

import org.jspecify.annotations.NullMarked;
