/// The shapes of galaxies from their pictures: a convolutional network on Galaxy Zoo.
@NullMarked
package org.orrery.examples.galaxyzoo;

import org.jspecify.annotations.NullMarked;
