/// What is measured of predictions: errors, accuracies, confusion matrices, curves.
@NullMarked
package org.orrery.metrics;

import org.jspecify.annotations.NullMarked;
