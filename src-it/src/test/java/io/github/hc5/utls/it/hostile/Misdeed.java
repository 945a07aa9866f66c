package io.github.hc5.utls.it.hostile;

import java.util.function.Supplier;

/**
 * One wrong thing that a server does.
 *
 * @param name what it does, as the test report shows it
 * @param server makes a server that does it
 */
record Misdeed(String name, Supplier<Peer> server) {

    static Misdeed tls13(String name, Tampering tampering) {
        return new Misdeed("TLS 1.3: " + name, () -> RogueServer.tls13(tampering));
    }

    static Misdeed tls12(String name, Tampering tampering) {
        return new Misdeed("TLS 1.2: " + name, () -> RogueServer.tls12(tampering));
    }

    @Override
    public String toString() {
        return name;
    }
}
