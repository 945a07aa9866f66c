package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What an {@link AlpsServer} does. By default: TLS 1.3 and nothing more. Immutable once built. */
public final class AlpsSettings {

    final Identity identity;
    final List<String> applicationProtocols;
    final List<Integer> groups;
    final OptionalInt alpsCodePoint;
    final Octets alpsSettings;
    final @Nullable CertificateCompression compression;
    final UnaryOperator<CompressedCertificate> compressedCertificate;
    final OptionalInt recordSizeLimit;
    final @Nullable Octets echRetryConfigs;
    final @Nullable DelegatedKey delegatedKey;
    final boolean cookie;
    final boolean clientCertificate;
    final KeyUpdates keyUpdates;
    final int tickets;

    /** Which KeyUpdate messages the server sends, one before each piece of an answer. */
    public enum KeyUpdates {
        NONE,
        /** With request_update = update_not_requested: the client's keys stay. */
        SERVER_ONLY,
        /** With request_update = update_requested: the client must follow. */
        BOTH
    }

    private AlpsSettings(Builder builder) {
        this.identity = builder.identity;
        this.applicationProtocols = builder.applicationProtocols;
        this.groups = builder.groups;
        this.alpsCodePoint = builder.alpsCodePoint;
        this.alpsSettings = builder.alpsSettings;
        this.compression = builder.compression;
        this.compressedCertificate = builder.compressedCertificate;
        this.recordSizeLimit = builder.recordSizeLimit;
        this.echRetryConfigs = builder.echRetryConfigs;
        this.delegatedKey = builder.delegatedKey;
        this.cookie = builder.cookie;
        this.clientCertificate = builder.clientCertificate;
        this.keyUpdates = builder.keyUpdates;
        this.tickets = builder.tickets;
    }

    /** Starts to describe a server with the given certificate. */
    public static Builder of(Identity identity) {
        return new Builder(identity);
    }

    /** Collects the settings. */
    public static final class Builder {

        private final Identity identity;
        private List<String> applicationProtocols = List.of("h2", "http/1.1");
        private List<Integer> groups = List.of(4588, 29, 23, 24);
        private OptionalInt alpsCodePoint = OptionalInt.empty();
        private Octets alpsSettings = Octets.empty();
        private @Nullable CertificateCompression compression;
        private UnaryOperator<CompressedCertificate> compressedCertificate = UnaryOperator.identity();
        private OptionalInt recordSizeLimit = OptionalInt.empty();
        private @Nullable Octets echRetryConfigs;
        private @Nullable DelegatedKey delegatedKey;
        private boolean cookie;
        private boolean clientCertificate;
        private KeyUpdates keyUpdates = KeyUpdates.NONE;
        private int tickets;

        private Builder(Identity identity) {
            this.identity = identity;
        }

        /** Selects from these protocols in this order; with none, ALPN goes unanswered. */
        public Builder applicationProtocols(String... names) {
            applicationProtocols = List.of(names);
            return this;
        }

        /** Selects from these named groups; one for which the client sent no share brings a HelloRetryRequest. */
        public Builder groups(Integer... codePoints) {
            groups = Arrays.asList(codePoints);
            return this;
        }

        /** Sends a cookie in a HelloRetryRequest, and demands it back. */
        public Builder cookie() {
            cookie = true;
            return this;
        }

        /** Answers application settings of the given code point, and demands the client's before its Finished. */
        public Builder applicationSettings(int codePoint, Octets settings) {
            alpsCodePoint = OptionalInt.of(codePoint);
            alpsSettings = settings;
            return this;
        }

        /** Compresses the certificate, where the client offers the algorithm. */
        public Builder compression(CertificateCompression algorithm) {
            compression = algorithm;
            return this;
        }

        /** Compresses the certificate and then changes the message, to something no honest server would send. */
        public Builder compression(CertificateCompression algorithm, UnaryOperator<CompressedCertificate> forgery) {
            compression = algorithm;
            compressedCertificate = forgery;
            return this;
        }

        /** Answers record_size_limit with the given limit in bytes, where the client offers the extension. */
        public Builder recordSizeLimit(int limit) {
            recordSizeLimit = OptionalInt.of(limit);
            return this;
        }

        /** Refuses the client's ECH offer with the given ECHConfigList. */
        public Builder echRetryConfigs(Octets configs) {
            echRetryConfigs = configs;
            return this;
        }

        /** Authenticates by a delegated credential, where the client offers its signature algorithm. */
        public Builder delegatedKey(DelegatedKey key) {
            delegatedKey = key;
            return this;
        }

        /** Demands a certificate of {@link TestPki#CLIENTS}. */
        public Builder clientCertificate() {
            clientCertificate = true;
            return this;
        }

        /** Sends KeyUpdate messages. */
        public Builder keyUpdates(KeyUpdates updates) {
            keyUpdates = updates;
            return this;
        }

        /** Sends so many NewSessionTicket messages after the handshake. */
        public Builder tickets(int count) {
            tickets = count;
            return this;
        }

        /** Returns the settings. */
        public AlpsSettings build() {
            return new AlpsSettings(this);
        }
    }
}
