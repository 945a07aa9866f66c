package io.github.hc5.utls.samples.crawler;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the body of a request to {@code /fetch}: a JSON object with {@code url} or {@code urls}, a JSON array of URLs, or
 * (NDJSON) one URL or object with {@code url} a line. Thread-safe.
 */
final class FetchOrderReader {

    private static final int MAX_URL = 8192;
    private static final int MAX_HEADERS = 32;
    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]{0,8192}");
    private static final Set<String> MEMBERS = Set.of("url", "urls", "method", "headers", "body");

    /** What would change where a request goes, or how it is framed. */
    private static final Set<String> NOT_THE_CALLERS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    private final JsonMapper json;
    private final CrawlerSettings.Limits limits;

    FetchOrderReader(JsonMapper json, CrawlerSettings.Limits limits) {
        this.json = json;
        this.limits = limits;
    }

    /**
     * Reads an order.
     *
     * @throws ProblemException if it is too large or is none
     * @throws IOException if the caller's connection breaks
     */
    FetchOrder read(InputStream body, boolean lines) throws IOException {
        byte[] bytes = body.readNBytes(limits.requestBytes() + 1);
        if (bytes.length > limits.requestBytes()) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "request-too-large",
                    "The request is too large",
                    "The body has more than " + limits.requestBytes() + " bytes (crawler.limits.request-bytes).");
        }
        try {
            return lines ? lines(new String(bytes, StandardCharsets.UTF_8)) : document(json.readTree(bytes));
        } catch (JacksonException e) {
            throw invalid("The body is not JSON: " + e.getOriginalMessage() + at(e));
        }
    }

    private static String at(JacksonException e) {
        return e.getLocation() == null
                ? "."
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ").";
    }

    private FetchOrder lines(String text) {
        List<String> urls = new ArrayList<>();
        for (String line : text.split("\r?\n", -1)) {
            if (!line.isBlank()) {
                JsonNode node = json.readTree(line);
                urls.add(url(node.isObject() ? member(node, "url") : node, "line " + (urls.size() + 1)));
            }
        }
        return order(urls, FetchOrder.Method.GET, Map.of(), FetchOrder.Body.AUTO);
    }

    private FetchOrder document(JsonNode node) {
        if (node.isArray()) {
            return order(urls(node), FetchOrder.Method.GET, Map.of(), FetchOrder.Body.AUTO);
        }
        if (!node.isObject()) {
            throw invalid("The body is neither an object nor an array.");
        }
        for (String name : node.propertyNames()) {
            if (!MEMBERS.contains(name)) {
                throw invalid("There is no member '" + name + "'; allowed are url or urls, method, headers and body.");
            }
        }
        if (node.has("url") == node.has("urls")) {
            throw invalid("One of url and urls must be given, and not both.");
        }
        List<String> urls = node.has("url") ? List.of(url(node.get("url"), "url")) : urls(node.get("urls"));
        return order(
                urls,
                choice(node, "method", FetchOrder.Method.GET),
                headers(node),
                choice(node, "body", FetchOrder.Body.AUTO));
    }

    private FetchOrder order(
            List<String> urls, FetchOrder.Method method, Map<String, String> headers, FetchOrder.Body body) {
        if (urls.isEmpty() || urls.size() > limits.urls()) {
            throw invalid("There are " + urls.size() + " URLs, allowed are 1 to " + limits.urls()
                    + " (crawler.limits.urls).");
        }
        return new FetchOrder(urls, method, headers, body);
    }

    private List<String> urls(JsonNode array) {
        if (!array.isArray()) {
            throw invalid("urls is not an array.");
        }
        List<String> urls = new ArrayList<>(array.size());
        for (JsonNode each : array) {
            urls.add(url(each, "urls[" + urls.size() + "]"));
        }
        return urls;
    }

    private static String url(JsonNode node, String place) {
        if (!node.isString() || node.stringValue().length() > MAX_URL) {
            throw invalid(place + " is not a text of at most " + MAX_URL + " characters.");
        }
        return node.stringValue();
    }

    private static JsonNode member(JsonNode object, String name) {
        JsonNode value = object.get(name);
        if (value == null || object.size() != 1) {
            throw invalid("A line is an object with another member than " + name + ".");
        }
        return value;
    }

    private static <E extends Enum<E>> E choice(JsonNode node, String name, E byDefault) {
        JsonNode value = node.get(name);
        if (value == null) {
            return byDefault;
        }
        for (E each : byDefault.getDeclaringClass().getEnumConstants()) {
            if (value.isString() && value.stringValue().equalsIgnoreCase(each.name())) {
                return each;
            }
        }
        throw invalid(name + " is " + value + ", allowed is one of "
                + List.of(byDefault.getDeclaringClass().getEnumConstants()) + ".");
    }

    private static Map<String, String> headers(JsonNode node) {
        JsonNode object = node.get("headers");
        Map<String, String> headers = new LinkedHashMap<>();
        if (object == null) {
            return headers;
        }
        if (!object.isObject() || object.size() > MAX_HEADERS) {
            throw invalid("headers is not an object of at most " + MAX_HEADERS + " members.");
        }
        for (String name : object.propertyNames()) {
            JsonNode value = object.get(name);
            if (!HEADER_NAME.matcher(name).matches()
                    || NOT_THE_CALLERS.contains(name.toLowerCase(Locale.ROOT))
                    || !value.isString()
                    || !HEADER_VALUE.matcher(value.stringValue()).matches()) {
                throw invalid("headers: '" + name + "' is no header that a caller may set, or its value is none.");
            }
            headers.put(name, value.stringValue());
        }
        return headers;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(HttpStatus.BAD_REQUEST, "invalid-request", "The request is not valid", detail);
    }
}
