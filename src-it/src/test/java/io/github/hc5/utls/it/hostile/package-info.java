/**
 * The TLS engine against peers that chop, truncate, corrupt, misorder, stall and lie.
 *
 * <p>Every contract here runs against two clients, the engine of this project and that of the JDK: what both must do is
 * the contract of {@link javax.net.ssl.SSLEngine}; where a test can only be passed by one, it says so.
 */
@NullMarked
package io.github.hc5.utls.it.hostile;

import org.jspecify.annotations.NullMarked;
