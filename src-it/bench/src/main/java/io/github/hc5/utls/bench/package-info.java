/**
 * Benchmarks of whole clients: one server, each client in a process of its own, the same work for all.
 * {@link io.github.hc5.utls.bench.Comparison} drives them, {@link io.github.hc5.utls.bench.LoadProcess} is what it starts.
 */
@NullMarked
package io.github.hc5.utls.bench;

import org.jspecify.annotations.NullMarked;
