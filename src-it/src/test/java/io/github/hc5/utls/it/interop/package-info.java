/** Handshakes and requests of every profile against real servers. */
@NullMarked
package io.github.hc5.utls.it.interop;

import org.jspecify.annotations.NullMarked;
