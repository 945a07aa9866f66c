/** Benchmarks: what a claim of the README rests on, each against a peer in the same run. */
@NullMarked
package io.github.hc5.utls.it.bench;

import org.jspecify.annotations.NullMarked;
