/// What crosses modules: runs the reference cases and reports where a build departs from them.
@NullMarked
package org.orrery.conformance;

import org.jspecify.annotations.NullMarked;
