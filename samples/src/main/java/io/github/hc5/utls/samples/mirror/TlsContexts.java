package io.github.hc5.utls.samples.mirror;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Builds the server's TLS context for the provider that the settings and the platform lead to. */
final class TlsContexts {

    private TlsContexts() {}

    /**
     * Returns the provider to use: never {@link TlsProvider#AUTO}.
     *
     * @throws IllegalStateException if the settings need BoringSSL and its native library does not load
     */
    static TlsProvider resolve(MirrorSettings settings) {
        boolean needed = settings.provider() == TlsProvider.BORINGSSL || settings.forcedGroup() != null;
        if (settings.provider() == TlsProvider.JDK) {
            return TlsProvider.JDK;
        }
        if (OpenSsl.isAvailable()) {
            return TlsProvider.BORINGSSL;
        }
        if (needed) {
            Throwable cause = OpenSsl.unavailabilityCause();
            throw new IllegalStateException("BoringSSL is not available on this platform: " + message(cause), cause);
        }
        return TlsProvider.JDK;
    }

    /**
     * Builds the context; the caller releases it.
     *
     * @throws IllegalArgumentException if the provider refuses a setting
     */
    static SslContext create(MirrorSettings settings, TlsProvider provider, MirrorCertificates certificates) {
        SslContextBuilder builder = SslContextBuilder.forServer(certificates.serverKey(), certificates.server())
                .protocols(settings.tlsVersions());
        if (!settings.alpn().isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE,
                    SelectedListenerFailureBehavior.ACCEPT,
                    settings.alpn()));
        }
        if (provider == TlsProvider.JDK) {
            builder.sslProvider(SslProvider.JDK);
        } else {
            builder.sslProvider(SslProvider.OPENSSL_REFCNT);
            CertificateCompressors.configure(settings.certificateCompression())
                    .ifPresent(
                            config -> builder.option(OpenSslContextOption.CERTIFICATE_COMPRESSION_ALGORITHMS, config));
            String group = settings.forcedGroup();
            if (group != null) {
                builder.option(OpenSslContextOption.GROUPS, new String[] {group});
            }
        }
        SslContext context = build(builder, settings);
        if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
            // No keys given: BoringSSL makes and rotates its own. Without this call TLS 1.2 has no tickets at all.
            sessions.setTicketKeys();
        }
        return context;
    }

    private static SslContext build(SslContextBuilder builder, MirrorSettings settings) {
        try {
            return builder.build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TLS versions " + settings.tlsVersions() + ", ALPN " + settings.alpn() + ", group "
                            + settings.forcedGroup() + ": refused by the TLS provider: " + message(e),
                    e);
        }
    }

    private static String message(@Nullable Throwable cause) {
        return cause == null ? "no cause given" : String.valueOf(cause.getMessage());
    }
}
