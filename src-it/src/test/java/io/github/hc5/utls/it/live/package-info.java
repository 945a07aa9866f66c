/** A real browser and this library before the same server. */
@NullMarked
package io.github.hc5.utls.it.live;

import org.jspecify.annotations.NullMarked;
