package io.github.hc5.utls.it.hostile;

/**
 * The far end of an in-memory connection. A peer answers within the call: what it wants to say after
 * {@link #receive(byte[])} stands ready in {@link #transmit()}.
 */
interface Peer {

    /** Takes bytes that the client has sent. A peer that dislikes them keeps its complaint to itself and says so. */
    void receive(byte[] bytes);

    /** Returns and forgets the bytes that wait for the client. */
    byte[] transmit();
}
