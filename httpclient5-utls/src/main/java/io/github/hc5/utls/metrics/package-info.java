/** What an operator sees of a pool, and what happens when a figure is not what it should be. */
@NullMarked
package io.github.hc5.utls.metrics;

import org.jspecify.annotations.NullMarked;
