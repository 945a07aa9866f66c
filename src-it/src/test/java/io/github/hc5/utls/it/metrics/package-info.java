/** What an operator sees of a pool at work: metrics, dashboards, flight recordings, logs. */
@NullMarked
package io.github.hc5.utls.it.metrics;

import org.jspecify.annotations.NullMarked;
