/**
 * The small parts under JMH: run {@code src-it/bench/micro [options of JMH]}. Not null-marked, since it is JMH that fills the
 * fields, after construction.
 */
@NullUnmarked
package io.github.hc5.utls.bench.micro;

import org.jspecify.annotations.NullUnmarked;
