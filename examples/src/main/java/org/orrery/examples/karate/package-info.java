/// Zachary's karate club: two labeled members, and a graph convolution that finds the side of everyone else.
@NullMarked
package org.orrery.examples.karate;

import org.jspecify.annotations.NullMarked;
