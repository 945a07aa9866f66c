/** Many addresses of one host on real sockets: shares, bans, failover, changes of DNS. */
@NullMarked
package io.github.hc5.utls.it.address;

import org.jspecify.annotations.NullMarked;
