/// File formats for arrays and weights.
@NullMarked
package org.orrery.io;

import org.jspecify.annotations.NullMarked;
