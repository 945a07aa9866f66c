/**
 * What exchanges came to, and what follows from it for an address, a host and the pool. Pure: fed with outcomes and with
 * the time, it never calls what it judges.
 */
@NullMarked
package io.github.hc5.utls.health;

import org.jspecify.annotations.NullMarked;
