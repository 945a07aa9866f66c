/**
 * Limits and bans that hold across machines, kept in Redis through Redisson, which a user of this package adds to the
 * class path. Everything here works without Redis as well, by a policy, and never waits for it on a caller's thread.
 */
@NullMarked
package io.github.hc5.utls.cluster;

import org.jspecify.annotations.NullMarked;
