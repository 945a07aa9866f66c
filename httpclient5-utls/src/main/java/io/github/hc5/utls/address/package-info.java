/**
 * The addresses of a host: where they come from, which of them may be dialled, which are banned and for how long, and in
 * which order they take their turns. Knows nothing of connections.
 */
@NullMarked
package io.github.hc5.utls.address;

import org.jspecify.annotations.NullMarked;
