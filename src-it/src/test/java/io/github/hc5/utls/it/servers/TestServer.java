package io.github.hc5.utls.it.servers;

import java.net.SocketAddress;

/** A running server of the tests, on loopback. */
public interface TestServer extends AutoCloseable {

    /** Returns where the server listens: a TCP address, or a Unix domain socket. */
    SocketAddress address();

    @Override
    void close();
}
