/// Where the examples find their data.
@NullMarked
package org.orrery.examples;

import org.jspecify.annotations.NullMarked;
