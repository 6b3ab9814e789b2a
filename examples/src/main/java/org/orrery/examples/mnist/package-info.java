/// Handwritten digits by a published convolutional network.
@NullMarked
package org.orrery.examples.mnist;

import org.jspecify.annotations.NullMarked;
