/// Message passing: messages, aggregations, and the published layers as configurations of one mechanism.
@NullMarked
package org.orrery.messagepassing;

import org.jspecify.annotations.NullMarked;
