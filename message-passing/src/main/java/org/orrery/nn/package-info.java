/// Modules: parts of a model with their parameters, and the layers that are not about graphs.
@NullMarked
package org.orrery.nn;

import org.jspecify.annotations.NullMarked;
