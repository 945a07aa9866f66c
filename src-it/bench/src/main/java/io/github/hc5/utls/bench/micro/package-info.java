/** The small parts under JMH: run {@code src-it/bench/micro [options of JMH]}. */
@NullMarked
package io.github.hc5.utls.bench.micro;

import org.jspecify.annotations.NullMarked;
