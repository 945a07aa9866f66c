package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.AcceptLanguages;
import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.ProfiledSession;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Random;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.hc.core5.annotation.Contract;
import org.apache.hc.core5.annotation.ThreadingBehavior;
import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.Method;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.protocol.HttpProcessor;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOEventHandlerFactory;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each client session the handler that speaks HTTP/1.1 or HTTP/2 on it as the browser of its profile does.
 *
 * <p>The protocol is what ALPN chose, HTTP/1.1 without TLS, or what the attachment's version policy demands. Where the
 * attachment of the connect request is a {@link ConnectionEvents}, the session reports to it.
 *
 * <p>The profile is the one that the TLS session knows where it is a {@link ProfiledSession}, so that handshake and HTTP
 * can never differ, and otherwise the one that the policy gives for the target.
 *
 * <p>Instances are immutable and safe for use by several threads.
 */
@Contract(threading = ThreadingBehavior.IMMUTABLE)
public final class UtlsEventHandlerFactory implements IOEventHandlerFactory {

    private static final Logger LOG = LoggerFactory.getLogger(UtlsEventHandlerFactory.class);

    private final boolean shaped;
    private final @Nullable FingerprintPolicy policy;
    private final HttpProcessor processor;
    private final Http1Config http1Config;
    private final CharCodingConfig charCoding;
    private final ConnectionReuseStrategy reuseStrategy;
    private final HeaderMode headerMode;
    private final @Nullable Supplier<String> acceptLanguages;
    private final Timer timer;
    private final RandomGenerator random;
    private final WireLog.Target wireTarget;

    private final ContradictionLog contradictions = new ContradictionLog(LOG::warn);

    /** The plans of each profile in use. Guarded by itself. */
    private final Map<BrowserProfile, HeaderCompletion> completions = new WeakHashMap<>();

    private UtlsEventHandlerFactory(Builder builder) {
        this.shaped = builder.shaped;
        this.policy = builder.policy;
        this.processor = builder.processor;
        this.http1Config = builder.http1Config;
        this.charCoding = builder.charCoding;
        ConnectionReuseStrategy chosen = builder.reuseStrategy;
        this.reuseStrategy = (request, response, context) ->
                isTunnel(request, response) || chosen.keepAlive(request, response, context);
        this.headerMode = builder.headerMode;
        this.acceptLanguages = builder.acceptLanguages;
        this.timer = builder.timer;
        this.random = builder.random;
        this.wireTarget = builder.wireTarget;
    }

    /** Returns a builder with the defaults that its methods name. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public IOEventHandler createHandler(ProtocolIOSession session, @Nullable Object attachment) {
        ConnectionEvents events = SilentOwner.of(attachment);
        WireLog wire = new WireLog(wireTarget, events);
        return new ConnectionHandler(
                session,
                events,
                wire,
                (version, connected, details) -> protocol(version, connected, details, events, wire));
    }

    private ProtocolSession protocol(
            ProtocolVersion version,
            ProtocolIOSession session,
            ConnectionDetails details,
            ConnectionEvents events,
            WireLog wire) {
        BrowserProfile profile = shaped ? profile(session, events) : null;
        HeaderCompletion completion =
                profile == null || headerMode == HeaderMode.OFF ? null : completion(profile, events.clientKey());
        HttpProcessor telling = new ChainedHttpProcessor(
                processor, (request, entity, context) -> ExchangeAttributes.setProfile(context, profile));
        if (version.equals(HttpVersion.HTTP_2)) {
            Http2Spec spec = profile == null ? PlainHttp2.SPEC : profile.http2();
            return new H2Session(
                    session,
                    events,
                    details,
                    new H2Settings(
                            spec,
                            profile != null && session.getTlsDetails() != null,
                            new RequestFields(spec, completion),
                            new ChainedHttpProcessor(telling, MissingFields.OF_HTTP_2),
                            random,
                            timer,
                            wire));
        }
        HttpProcessor whole = new ChainedHttpProcessor(telling, MissingFields.OF_HTTP_1);
        HttpProcessor last = new ChainedHttpProcessor(whole, new H1Headers(completion));
        return new H1Session(session, events, new H1Settings(last, http1Config, charCoding, reuseStrategy, wire));
    }

    /** A tunnel that was granted is not the end of anything, whatever version and fields the answer has. */
    private static boolean isTunnel(@Nullable HttpRequest request, HttpResponse response) {
        return request != null && response.getCode() == HttpStatus.SC_OK && Method.CONNECT.isSame(request.getMethod());
    }

    private HeaderCompletion completion(BrowserProfile profile, @Nullable String clientKey) {
        String acceptLanguage = acceptLanguage(clientKey);
        if (acceptLanguage != null) {
            return new HeaderCompletion(profile.headers(), headerMode, acceptLanguage, contradictions);
        }
        synchronized (completions) {
            return completions.computeIfAbsent(
                    profile, any -> new HeaderCompletion(any.headers(), headerMode, null, contradictions));
        }
    }

    private @Nullable String acceptLanguage(@Nullable String clientKey) {
        if (clientKey != null && acceptLanguages instanceof AcceptLanguages drawn) {
            return drawn.of(clientKey);
        }
        return acceptLanguages == null ? null : acceptLanguages.get();
    }

    private @Nullable BrowserProfile profile(ProtocolIOSession session, ConnectionEvents events) {
        TlsDetails tls = session.getTlsDetails();
        if (tls != null && tls.getSSLSession() instanceof ProfiledSession profiled) {
            return profiled.profile();
        }
        NamedEndpoint target = session.getInitialEndpoint();
        return policy == null || target == null
                ? null
                : policy.profileFor(target.getHostName(), target.getPort(), events.clientKey());
    }

    /** Builds a {@link UtlsEventHandlerFactory}. Not safe for use by several threads. */
    public static final class Builder {

        private boolean shaped = true;
        private @Nullable FingerprintPolicy policy;
        private HttpProcessor processor = HttpProcessorBuilder.create().build();
        private Http1Config http1Config = Http1Config.DEFAULT;
        private CharCodingConfig charCoding = CharCodingConfig.DEFAULT;
        private ConnectionReuseStrategy reuseStrategy = DefaultConnectionReuseStrategy.INSTANCE;
        private HeaderMode headerMode = HeaderMode.PROFILE;
        private @Nullable Supplier<String> acceptLanguages;
        private Timer timer = Timer.SYSTEM;
        private RandomGenerator random = new Random(new SecureRandom().nextLong());
        private WireLog.Target wireTarget = new WireLog.Target(() -> WireTracing.OFF);

        private Builder() {}

        /** Which browser each connection is; by default none, and frames and headers are sent as they come. */
        public Builder setFingerprintPolicy(FingerprintPolicy newPolicy) {
            this.policy = newPolicy;
            return this;
        }

        /**
         * Whether HTTP is that of the connection's profile at all; it is by default. Otherwise frames and headers are
         * sent as they come, whatever browser the handshake showed: for comparisons of what shaping costs.
         */
        public Builder setShaped(boolean newShaped) {
            this.shaped = newShaped;
            return this;
        }

        /** How far requests are completed where a connection has a profile; {@link HeaderMode#PROFILE} by default. */
        public Builder setHeaderMode(HeaderMode newMode) {
            this.headerMode = newMode;
            return this;
        }

        /**
         * Draws the Accept-Language of each connection, in place of the profile's; by default the profile's is used. Where
         * these are {@link AcceptLanguages}, the connections of one client key have the same.
         */
        public Builder setAcceptLanguages(Supplier<String> newSupplier) {
            this.acceptLanguages = newSupplier;
            return this;
        }

        /** What runs on each request and response, after the client's own interceptors; nothing by default. */
        public Builder setHttpProcessor(HttpProcessor newProcessor) {
            this.processor = newProcessor;
            return this;
        }

        /** The limits of HTTP/1.1 messages; {@link Http1Config#DEFAULT} by default. */
        public Builder setHttp1Config(Http1Config newConfig) {
            this.http1Config = newConfig;
            return this;
        }

        /** The coding of HTTP/1.1 headers; {@link CharCodingConfig#DEFAULT} by default. */
        public Builder setCharCodingConfig(CharCodingConfig newConfig) {
            this.charCoding = newConfig;
            return this;
        }

        /**
         * Whether an HTTP/1.1 connection outlives an exchange; {@link DefaultConnectionReuseStrategy} by default. It is
         * not asked about a tunnel that a proxy has granted.
         */
        public Builder setConnectionReuseStrategy(ConnectionReuseStrategy newStrategy) {
            this.reuseStrategy = newStrategy;
            return this;
        }

        /**
         * What of the traffic is written to the logger {@code io.github.hc5.utls.wire}, asked again and again;
         * {@link WireTracing#OFF} by default.
         */
        public Builder setWireTracing(Supplier<WireTracing> newTracing) {
            this.wireTarget = new WireLog.Target(newTracing);
            return this;
        }

        Builder setWireTarget(WireLog.Target newTarget) {
            this.wireTarget = newTarget;
            return this;
        }

        Builder setTimer(Timer newTimer) {
            this.timer = newTimer;
            return this;
        }

        Builder setRandom(RandomGenerator newRandom) {
            this.random = newRandom;
            return this;
        }

        /** Returns the factory. */
        public UtlsEventHandlerFactory build() {
            return new UtlsEventHandlerFactory(this);
        }
    }
}
