/**
 * The peers of the integration tests: TLS servers of five independent implementations, the certificates they use, and
 * the wire tap that shows what really crossed the socket.
 */
@NullMarked
package io.github.hc5.utls.it.servers;

import org.jspecify.annotations.NullMarked;
