/** Limits and bans across several processes, with a real Redis that comes, goes, dawdles and refuses. */
@NullMarked
package io.github.hc5.utls.it.cluster;

import org.jspecify.annotations.NullMarked;
