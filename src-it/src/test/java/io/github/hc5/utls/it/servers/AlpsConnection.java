package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What an {@link AlpsServer} saw of one connection. Safe for use by several threads. */
public final class AlpsConnection {

    private volatile @Nullable String applicationProtocol;
    private volatile @Nullable Octets clientSettings;
    private volatile @Nullable String clientSubject;
    private final AtomicInteger keyUpdates = new AtomicInteger();
    private final CompletableFuture<Optional<IOException>> handshake = new CompletableFuture<>();

    /** Returns the protocol that ALPN selected. */
    public Optional<String> applicationProtocol() {
        return Optional.ofNullable(applicationProtocol);
    }

    /** Returns the body of the application settings that the client sent in its EncryptedExtensions. */
    public Optional<Octets> clientSettings() {
        return Optional.ofNullable(clientSettings);
    }

    /** Returns the subject of the client's verified certificate. */
    public Optional<String> clientSubject() {
        return Optional.ofNullable(clientSubject);
    }

    /** Returns how many KeyUpdate messages the client sent. */
    public int keyUpdates() {
        return keyUpdates.get();
    }

    /**
     * Waits for the end of the handshake and returns what it failed of, if it did.
     *
     * @throws TimeoutException if it did not end within ten seconds
     */
    public Optional<IOException> handshakeFailure() throws InterruptedException, TimeoutException {
        try {
            return handshake.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void selected(@Nullable String protocol) {
        applicationProtocol = protocol;
    }

    void receivedSettings(Octets settings) {
        clientSettings = settings;
    }

    void receivedClient(String subject) {
        clientSubject = subject;
    }

    void receivedKeyUpdate() {
        keyUpdates.incrementAndGet();
    }

    void handshakeCompleted() {
        handshake.complete(Optional.empty());
    }

    void failed(IOException cause) {
        handshake.complete(Optional.of(cause));
    }
}
