/// The commands behind the launcher.
@NullMarked
package org.orrery.cli;

import org.jspecify.annotations.NullMarked;
