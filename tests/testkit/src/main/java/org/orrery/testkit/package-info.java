/// Laws that backends, operations and models obey, and the double-precision reference they are held against.
@NullMarked
package org.orrery.testkit;

import org.jspecify.annotations.NullMarked;
