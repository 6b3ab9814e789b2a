/// What is measured: whole workloads against peers ([Bench]), and kernels against the limits of the machine (JMH).
@NullMarked
package org.orrery.benchmarks;

import org.jspecify.annotations.NullMarked;
