package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.RequestKind;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.priority.PriorityFormatter;
import org.apache.hc.core5.http2.priority.PriorityValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** What a request's context tells the connection about one exchange. */
public final class ExchangeAttributes {

    /**
     * A {@link Timeout}: how long an HTTP/2 exchange may go without a byte in either direction before it fails with a
     * {@link java.net.SocketTimeoutException} and its stream, not the connection, is reset. Where it is absent, the
     * response timeout of the request configuration of an {@link HttpClientContext} serves; without either there is no
     * limit. On HTTP/1.1 the socket timeout of the connection serves.
     */
    public static final String RESPONSE_TIMEOUT = "io.github.hc5.utls.response-timeout";

    /** A {@link RequestKind}: whose headers and priority a request has; found from its Sec-Fetch headers where absent. */
    public static final String REQUEST_KIND = "io.github.hc5.utls.request-kind";

    /** Set for each exchange: the {@link BrowserProfile} that its connection shows; absent where it shows none. */
    public static final String PROFILE = "io.github.hc5.utls.profile";

    private ExchangeAttributes() {}

    static @Nullable Timeout responseTimeout(HttpContext context) {
        Timeout timeout = null;
        if (context.getAttribute(RESPONSE_TIMEOUT) instanceof Timeout told) {
            timeout = told;
        } else if (context instanceof HttpClientContext client && client.getRequestConfig() != null) {
            timeout = client.getRequestConfig().getResponseTimeout();
        }
        return timeout != null && timeout.isEnabled() ? timeout : null;
    }

    /**
     * Returns the Priority header that the request configuration asks for. HttpClient adds it only to requests whose
     * context knows already that their connection speaks HTTP/2, which is decided below it.
     */
    static @Nullable Header priority(HttpContext context) {
        if (!(context instanceof HttpClientContext client) || client.getRequestConfig() == null) {
            return null;
        }
        PriorityValue priority = client.getRequestConfig().getH2Priority();
        return priority == null || priority.equals(PriorityValue.defaults())
                ? null
                : PriorityFormatter.formatHeader(priority);
    }

    static void setProfile(HttpContext context, @Nullable BrowserProfile profile) {
        if (profile != null) {
            context.setAttribute(PROFILE, profile);
        } else {
            context.removeAttribute(PROFILE);
        }
    }

    static @Nullable RequestKind requestKind(HttpContext context) {
        return context.getAttribute(REQUEST_KIND) instanceof RequestKind kind ? kind : null;
    }
}
