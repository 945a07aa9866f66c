package io.github.hc5.utls.samples.crawler;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who may do what. With a token set, all but the page's own files and the probes needs it. Without one, whoever reaches the
 * service may use it, but not a page elsewhere through its visitor's browser: requests that change or start something must
 * not come from another origin, and the service must be addressed by a name that is its own (DNS rebinding). No cookie is
 * ever read, so that there is nothing a forged request could ride on. Thread-safe.
 */
final class AccessFilter extends OncePerRequestFilter {

    private static final Set<String> OPEN =
            Set.of("/", "/index.html", "/style.css", "/app.js", "/charts.js", "/favicon.svg", "/ready", "/live");
    private static final String HEALTH = "/health";
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");
    private static final String SCHEME = "Bearer ";

    /** An IP address with or without a port, as in a Host header. */
    private static final Pattern ADDRESS =
            Pattern.compile("(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+])(?::\\d+)?");

    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final byte @Nullable [] tokenHash;
    private final Set<String> names = new HashSet<>(Set.of("localhost"));
    private final JsonMapper json;

    AccessFilter(CrawlerSettings settings, JsonMapper json) {
        this.tokenHash = settings.token().isEmpty() ? null : hash(settings.token());
        settings.names().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        String path = request.getRequestURI();
        boolean probe = path.equals(HEALTH);
        if (!probe && !OPEN.contains(path)) {
            response.setHeader("Cache-Control", "no-store");
        }
        if (!SAFE.contains(request.getMethod()) && isFromElsewhere(request)) {
            refuse(
                    response,
                    HttpStatus.FORBIDDEN,
                    "cross-origin",
                    "The request comes from another origin",
                    "Pages of other origins may not use this service.");
            return;
        }
        boolean known = isKnown(request);
        if (known || probe || OPEN.contains(path)) {
            chain.doFilter(known ? new Known(request) : request, response);
        } else if (tokenHash == null) {
            refuse(
                    response,
                    HttpStatus.MISDIRECTED_REQUEST,
                    "unknown-name",
                    "The service does not know this name",
                    "Without a token it answers to localhost, IP addresses and the names in crawler.names.");
        } else {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"utls-crawler\"");
            refuse(
                    response,
                    HttpStatus.UNAUTHORIZED,
                    "unauthorized",
                    "A token is needed",
                    "Send the header Authorization: Bearer TOKEN with the token of crawler.token.");
        }
    }

    private boolean isKnown(HttpServletRequest request) {
        if (tokenHash == null) {
            return isOwnName(request.getHeader(HttpHeaders.HOST));
        }
        String given = request.getHeader(HttpHeaders.AUTHORIZATION);
        // hashes of equal length are compared in constant time, whatever the lengths of the tokens
        return given != null
                && given.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        tokenHash, hash(given.substring(SCHEME.length()).strip()));
    }

    private boolean isOwnName(@Nullable String host) {
        if (host == null) {
            return false;
        }
        String name = host.toLowerCase(Locale.ROOT);
        if (ADDRESS.matcher(name).matches()) {
            return true;
        }
        int port = name.indexOf(':');
        return names.contains(port < 0 ? name : name.substring(0, port));
    }

    private static boolean isFromElsewhere(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            return true;
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        String host = request.getHeader(HttpHeaders.HOST);
        return origin != null
                && (host == null || !origin.toLowerCase(Locale.ROOT).endsWith("://" + host.toLowerCase(Locale.ROOT)));
    }

    private void refuse(HttpServletResponse response, HttpStatus status, String type, String title, String detail)
            throws IOException {
        ProblemDetail problem = ProblemException.details(status, type, title, detail);
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(problem));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A request of whoever may use the service: the health endpoint shows them its details. */
    private static final class Known extends HttpServletRequestWrapper {

        private static final Principal CALLER = () -> "caller";

        private Known(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Principal getUserPrincipal() {
            return CALLER;
        }
    }
}
