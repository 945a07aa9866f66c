/** The JVM's HTTP clients behind one interface. Each is set up as its own guide tells a user who wants throughput. */
@NullMarked
package io.github.hc5.utls.bench.clients;

import org.jspecify.annotations.NullMarked;
