/// File formats for arrays and weights.
///
/// Files are untrusted input. Whatever is not what its format requires is refused with a
/// [FormatException][org.orrery.io.FormatException] that names file and place, and the reading of a file takes at most
/// 64 MiB and 50 times the file's size of memory: numbers, objects, names and texts are charged to that before they are
/// made. Only a few buffers of fixed size come on top.
@NullMarked
package org.orrery.io;

import org.jspecify.annotations.NullMarked;
