package io.github.hc5.utls.samples.crawler;

import io.github.hc5.utls.pool.HotConnectionManager;
import io.github.hc5.utls.resilience.DegradeLevel;
import io.github.hc5.utls.resilience.Resilience;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** Makes the line of a URL that has ended. */
final class FetchResults {

    private static final double NANOS_IN_MS = 1e6;

    private final FetchOrder.Body form;

    FetchResults(FetchOrder order) {
        this.form = order.body();
    }

    /** The URL was never sent. */
    static FetchResult refused(int index, String url, FetchProblem problem) {
        return new FetchResult(index, url, null, null, null, null, null, 0, null, null, null, null, null, problem);
    }

    /** The URL has a response, or has failed; {@code now} is of {@link System#nanoTime}. */
    FetchResult of(FetchRequest request, @Nullable SimpleHttpResponse response, @Nullable Exception failure, long now) {
        byte[] bytes = response == null ? null : response.getBodyBytes();
        boolean shown = bytes != null && bytes.length > 0 && form != FetchOrder.Body.NONE;
        Charset charset = shown && response != null && form == FetchOrder.Body.AUTO ? charset(response) : null;
        EndpointDetails endpoint = request.context.getEndpointDetails();
        SSLSession tls = request.context.getSSLSession();
        int status = response != null ? response.getCode() : request.status;
        return new FetchResult(
                request.position,
                request.url,
                finalUrl(request),
                status == 0 ? null : Integer.valueOf(status),
                response == null ? null : String.valueOf(response.getVersion()),
                endpoint == null ? null : address(endpoint.getRemoteAddress()),
                tls != null && tls.getValue(HotConnectionManager.PROFILE) instanceof String name ? name : null,
                Math.max(0, now - request.startNanos) / NANOS_IN_MS,
                response == null ? null : Long.valueOf(bytes == null ? 0 : bytes.length),
                degraded(request),
                response == null ? null : headers(response),
                !shown ? null : charset != null ? "text" : "base64",
                !shown || bytes == null
                        ? null
                        : charset != null
                                ? new String(bytes, charset)
                                : Base64.getEncoder().encodeToString(bytes),
                failure == null ? null : FetchProblem.of(failure));
    }

    private static @Nullable String finalUrl(FetchRequest request) {
        RedirectLocations hops = request.context.getRedirectLocations();
        return hops == null || hops.size() == 0
                ? null
                : hops.get(hops.size() - 1).toString();
    }

    private static @Nullable String degraded(FetchRequest request) {
        return request.context.getAttribute(Resilience.DEGRADED) instanceof DegradeLevel level
                        && level != DegradeLevel.NONE
                ? level.name()
                : null;
    }

    /** Returns the charset of a body that is text, {@code null} of any other. */
    private static @Nullable Charset charset(SimpleHttpResponse response) {
        ContentType type = response.getContentType();
        if (type == null) {
            return null;
        }
        String mime = type.getMimeType().toLowerCase(Locale.ROOT);
        boolean text = mime.startsWith("text/")
                || mime.endsWith("json")
                || mime.endsWith("xml")
                || mime.equals("application/javascript");
        if (!text) {
            return null;
        }
        return type.getCharset() == null ? StandardCharsets.UTF_8 : type.getCharset();
    }

    private static Map<String, List<String>> headers(SimpleHttpResponse response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
                    .add(header.getValue() == null ? "" : header.getValue());
        }
        return headers;
    }

    /** An address without a look-up of its name. */
    static @Nullable String address(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return address == null ? null : address.toString();
        }
        String text = inet.getAddress().getHostAddress();
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + ":" + inet.getPort();
    }
}
