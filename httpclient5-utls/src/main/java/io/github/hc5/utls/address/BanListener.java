package io.github.hc5.utls.address;

import java.net.InetAddress;

/**
 * Hears of the bans that come into force here, so that they can be told to others; not of those that others have told
 * ({@link AddressBans#adopt}). Called by whichever thread bans or lifts, often an I/O thread: returns promptly.
 */
public interface BanListener {

    /** An address is banned. */
    void banned(Ban ban);

    /** The user has ended every ban of an address. */
    void lifted(InetAddress address);
}
