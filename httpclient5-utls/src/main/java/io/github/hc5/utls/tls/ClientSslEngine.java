package io.github.hc5.utls.tls;

import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** The part of {@link SSLEngine} that is the same for all of a browser's connections: a client, with fixed offers. */
abstract class ClientSslEngine extends SSLEngine {

    private final EngineParameters parameters;

    ClientSslEngine(@Nullable String host, int port, EngineParameters parameters) {
        super(host, port);
        this.parameters = parameters;
    }

    final EngineParameters parameters() {
        return parameters;
    }

    /** Returns host and port for messages. */
    final String peer() {
        return getPeerHost() == null ? "the server" : getPeerHost() + ':' + getPeerPort();
    }

    @Override
    public final @Nullable Runnable getDelegatedTask() {
        return null;
    }

    @Override
    public final String[] getSupportedCipherSuites() {
        return parameters.cipherSuites();
    }

    @Override
    public final String[] getEnabledCipherSuites() {
        return parameters.cipherSuites();
    }

    @Override
    public final void setEnabledCipherSuites(String[] suites) {
        parameters.requireCipherSuites(suites);
    }

    @Override
    public final String[] getSupportedProtocols() {
        return parameters.protocols();
    }

    @Override
    public final String[] getEnabledProtocols() {
        return parameters.protocols();
    }

    @Override
    public final void setEnabledProtocols(String[] protocols) {
        parameters.requireProtocols(protocols);
    }

    @Override
    public final void setUseClientMode(boolean client) {
        if (!client) {
            throw new IllegalArgumentException("a browser's engine is a client");
        }
    }

    @Override
    public final boolean getUseClientMode() {
        return true;
    }

    @Override
    public final void setNeedClientAuth(boolean need) {
        refuseServerOption(need);
    }

    @Override
    public final boolean getNeedClientAuth() {
        return false;
    }

    @Override
    public final void setWantClientAuth(boolean want) {
        refuseServerOption(want);
    }

    @Override
    public final boolean getWantClientAuth() {
        return false;
    }

    @Override
    public final void setEnableSessionCreation(boolean enable) {
        if (!enable) {
            throw new IllegalArgumentException("sessions are not resumed, so each connection creates one");
        }
    }

    @Override
    public final boolean getEnableSessionCreation() {
        return true;
    }

    private static void refuseServerOption(boolean wanted) {
        if (wanted) {
            throw new IllegalArgumentException(
                    "client authentication is asked for by a server; this engine is a client");
        }
    }
}
