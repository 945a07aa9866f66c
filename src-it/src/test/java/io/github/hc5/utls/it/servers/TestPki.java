package io.github.hc5.utls.it.servers;

/** The certificates that the tests of one JVM share, since making RSA keys takes time. */
public final class TestPki {

    /** Issues the servers' certificates; the clients under test trust it alone. */
    public static final CertificateAuthority SERVERS = new CertificateAuthority("utls test servers");

    /** Issues the clients' certificates; the servers that ask for one trust it alone. */
    public static final CertificateAuthority CLIENTS = new CertificateAuthority("utls test clients");

    private static final Identity SERVER_ECDSA = SERVERS.issueServer(KeyKind.ECDSA);
    private static final Identity SERVER_RSA = SERVERS.issueServer(KeyKind.RSA);
    private static final Identity SERVER_DELEGATING = SERVERS.issueDelegatingServer();
    private static final Identity CLIENT_ECDSA = CLIENTS.issueClient("ecdsa-client", KeyKind.ECDSA);
    private static final Identity CLIENT_RSA = CLIENTS.issueClient("rsa-client", KeyKind.RSA);

    private TestPki() {}

    /** Returns the shared server identity of the given kind. */
    public static Identity server(KeyKind kind) {
        return kind == KeyKind.RSA ? SERVER_RSA : SERVER_ECDSA;
    }

    /** Returns the shared server identity that may sign delegated credentials. */
    public static Identity delegatingServer() {
        return SERVER_DELEGATING;
    }

    /** Returns the shared client identity of the given kind, with the subject {@code CN=ecdsa-client} or rsa-client. */
    public static Identity client(KeyKind kind) {
        return kind == KeyKind.RSA ? CLIENT_RSA : CLIENT_ECDSA;
    }
}
