/// Networks on merger trees: a number of each halo from its history ([org.orrery.examples.trees.RadiusSet]), and the universe from
/// a set of trees ([org.orrery.examples.trees.UniverseSet]); [org.orrery.examples.trees.TreeStudy] does all of it.
@NullMarked
package org.orrery.examples.trees;

import org.jspecify.annotations.NullMarked;
