/**
 * What makes a request succeed if any healthy path exists: retries within a budget, timeouts in layers, breakers and limits
 * by host, a backup, a stale answer, batches. {@link io.github.hc5.utls.resilience.Resilience} puts the parts into a client.
 */
@NullMarked
package io.github.hc5.utls.resilience;

import org.jspecify.annotations.NullMarked;
