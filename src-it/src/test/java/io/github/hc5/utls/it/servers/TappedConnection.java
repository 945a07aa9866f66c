package io.github.hc5.utls.it.servers;

import java.util.List;

/** Both directions of one connection through a {@link WireTap}. Safe for use by several threads. */
public final class TappedConnection {

    private final RecordedBytes clientBytes = new RecordedBytes();
    private final RecordedBytes serverBytes = new RecordedBytes();

    RecordedBytes clientBytes() {
        return clientBytes;
    }

    RecordedBytes serverBytes() {
        return serverBytes;
    }

    /** Returns the client's records so far. */
    public List<TlsRecord> clientRecords() {
        return TlsRecord.parse(clientBytes.toByteArray());
    }

    /** Returns the server's records so far. */
    public List<TlsRecord> serverRecords() {
        return TlsRecord.parse(serverBytes.toByteArray());
    }

    /** Returns the client's hellos: one, or two where the server asked for a retry. */
    public List<WireClientHello> clientHellos() {
        return WireClientHello.parse(clientRecords());
    }

    /** Returns the only hello. */
    public WireClientHello clientHello() {
        List<WireClientHello> hellos = clientHellos();
        if (hellos.size() != 1) {
            throw new IllegalStateException("expected one ClientHello, there were " + hellos.size());
        }
        return hellos.get(0);
    }

    /** Returns the server's hellos, a HelloRetryRequest among them. */
    public List<WireServerHello> serverHellos() {
        return WireServerHello.parse(serverRecords());
    }

    /** Returns the server's last hello: the one with the negotiated parameters. */
    public WireServerHello serverHello() {
        List<WireServerHello> hellos = serverHellos();
        if (hellos.isEmpty()) {
            throw new IllegalStateException("there was no ServerHello");
        }
        return hellos.get(hellos.size() - 1);
    }
}
