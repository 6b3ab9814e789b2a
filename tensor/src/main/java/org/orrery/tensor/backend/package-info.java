/// The contract of a device: about 25 primitives that every backend has, and families of fast kernels that it may have.
@NullMarked
package org.orrery.tensor.backend;

import org.jspecify.annotations.NullMarked;
