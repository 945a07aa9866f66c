/** Retries, limits, backup and batches against servers that fail. */
@NullMarked
package io.github.hc5.utls.it.resilience;

import org.jspecify.annotations.NullMarked;
