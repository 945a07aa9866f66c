package io.github.hc5.utls.http;

import io.github.hc5.utls.fingerprint.HeaderSpec;
import io.github.hc5.utls.fingerprint.RequestKind;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Completes a request's headers to those that the profile's browser would send with a request of its kind, in its order:
 * only the connection knows its profile, so this comes after the client's own interceptors.
 *
 * <p>Referer, Origin and Sec-Fetch-Site are made to agree: a given Referer decides what Sec-Fetch-Site says, and a kind of
 * request that a browser never makes without a referrer gets the target's own root. Where the target is not secure,
 * browsers send neither client hints nor Fetch Metadata, and offer neither br nor zstd; nor does this.
 *
 * <p>Safe for use by several threads.
 */
final class HeaderCompletion {

    private static final int REPEATED = 1;
    private static final int UNNAMED = 2;

    private final HeaderSpec spec;
    private final HeaderMode mode;
    private final @Nullable String acceptLanguage;
    private final ContradictionLog contradictions;
    private final Map<RequestKind, HeaderPlan> plans1 = new ConcurrentHashMap<>();
    private final Map<RequestKind, HeaderPlan> plans2 = new ConcurrentHashMap<>();

    /** The origin of the last request: connections have few. */
    private volatile @Nullable RequestOrigin lastTarget;

    /** Of the last request of each kind that said nothing of its own, by a safe method and by another. */
    private final Map<RequestKind, FetchMetadata> lastSafe = new ConcurrentHashMap<>();

    private final Map<RequestKind, FetchMetadata> lastUnsafe = new ConcurrentHashMap<>();

    /**
     * @param acceptLanguage replaces the profile's; {@code null} for the profile's own
     * @param contradictions is told where a request's User-Agent is not the profile's
     */
    HeaderCompletion(
            HeaderSpec spec, HeaderMode mode, @Nullable String acceptLanguage, ContradictionLog contradictions) {
        this.contradictions = contradictions;
        this.spec = spec;
        this.mode = mode;
        this.acceptLanguage = acceptLanguage;
    }

    /**
     * Hands the request's headers, completed and in order, to {@code sink}: on HTTP/2 in lower case and without those
     * that belong to HTTP/1.1 connections.
     *
     * @return whether the Accept-Encoding among them is the profile's, so that its promises are ours to keep
     * @throws ProtocolException naming the header, if the name or the value of one is not allowed
     */
    boolean complete(
            HttpRequest request, @Nullable EntityDetails entity, RequestKind kind, boolean http2, HeaderSink sink)
            throws ProtocolException {
        HeaderPlan plan = plan(kind, http2);
        @Nullable Header[] first = sink.places(plan.size());
        int seen = given(request, plan, http2, first);
        FetchMetadata fetch = metadata(request, plan, first, kind);
        boolean decodes = false;
        for (int i = 0; i < plan.size(); i++) {
            HeaderPlan.Place place = plan.place(i);
            Header given = first[i];
            if (place.role() == HeaderPlan.Role.OTHERS) {
                if ((seen & UNNAMED) != 0) {
                    others(request, plan, http2, sink);
                }
            } else if (given != null) {
                sink.add(place.name(), value(given));
                if ((seen & REPEATED) != 0) {
                    repeats(request, place, given, sink);
                }
            } else {
                String value = own(place, request, entity, http2, fetch);
                if (value != null) {
                    sink.add(place.name(), value);
                    decodes |= place.role() == HeaderPlan.Role.ENCODING;
                }
            }
        }
        return decodes;
    }

    private HeaderPlan plan(RequestKind kind, boolean http2) {
        Map<RequestKind, HeaderPlan> plans = http2 ? plans2 : plans1;
        HeaderPlan plan = plans.get(kind);
        return plan != null ? plan : plans.computeIfAbsent(kind, any -> new HeaderPlan(spec.slots(any), http2));
    }

    /** Replaces HttpClient's own User-Agent by the profile's, and leaves all else. */
    void nameUserAgent(HttpRequest request) {
        Header given = request.getFirstHeader("User-Agent");
        if (given != null && isDropped(given, "user-agent", false)) {
            request.setHeader("User-Agent", spec.userAgent());
        }
    }

    /** Finds the given header of each place; returns whether some are {@link #REPEATED} or {@link #UNNAMED}. */
    private int given(HttpRequest request, HeaderPlan plan, boolean http2, @Nullable Header[] first)
            throws ProtocolException {
        int seen = 0;
        for (Iterator<Header> headers = request.headerIterator(); headers.hasNext(); ) {
            Header header = headers.next();
            FieldSyntax.require(header);
            String lower = FieldNames.lower(header.getName());
            if (isDropped(header, lower, http2)) {
                continue;
            }
            if (lower.equals("user-agent") && !spec.userAgent().equals(header.getValue())) {
                tellContradiction(request, header.getValue());
            }
            int index = plan.indexOf(lower);
            if (index < 0) {
                seen |= UNNAMED;
            } else if (first[index] == null) {
                first[index] = header;
            } else {
                seen |= REPEATED;
            }
        }
        return seen;
    }

    private void others(HttpRequest request, HeaderPlan plan, boolean http2, HeaderSink sink) {
        for (Iterator<Header> headers = request.headerIterator(); headers.hasNext(); ) {
            Header header = headers.next();
            String lower = FieldNames.lower(header.getName());
            if (plan.indexOf(lower) < 0 && !isDropped(header, lower, http2)) {
                sink.add(http2 ? lower : header.getName(), value(header));
            }
        }
    }

    private static void repeats(HttpRequest request, HeaderPlan.Place place, Header given, HeaderSink sink) {
        for (Iterator<Header> headers = request.headerIterator(); headers.hasNext(); ) {
            Header header = headers.next();
            if (header != given && place.lower().equals(FieldNames.lower(header.getName()))) {
                sink.add(place.name(), value(header));
            }
        }
    }

    /** Returns whether a given header is not sent: it cannot be, or it is HttpClient's own and the profile has another. */
    private boolean isDropped(Header header, String lower, boolean http2) {
        if (http2
                && (FieldNames.OF_HTTP_1.contains(lower)
                        || (lower.equals("te") && !"trailers".equals(header.getValue())))) {
            return true;
        }
        if (mode != HeaderMode.PROFILE) {
            return false;
        }
        String value = value(header);
        return switch (lower) {
            case "user-agent" -> value.startsWith("Apache-HttpAsyncClient/") || value.startsWith("Apache-HttpClient/");
            case "accept-encoding" -> value.contains("x-gzip");
            case "upgrade" -> value.equals("TLS/1.2");
            case "connection" -> value.equalsIgnoreCase("keep-alive") || value.equalsIgnoreCase("upgrade");
            default -> false;
        };
    }

    /** Returns what the browser sends at a place where nothing is given. */
    private @Nullable String own(
            HeaderPlan.Place place,
            HttpRequest request,
            @Nullable EntityDetails entity,
            boolean http2,
            FetchMetadata fetch) {
        return switch (place.role()) {
            case CONTENT_LENGTH -> http2 ? contentLength(request, entity) : null;
            case CONTENT_TYPE -> entity == null ? null : place.value();
            case REFERER -> fetch.referer();
            case ORIGIN -> fetch.origin();
            case SITE -> fetch.isSecure() && place.value() != null ? fetch.site(place.value()) : null;
            case LANGUAGE -> acceptLanguage != null && place.value() != null ? acceptLanguage : place.value();
            case ENCODING -> fetch.isSecure() || place.value() == null ? place.value() : "gzip, deflate";
            case SECURE_ONLY -> fetch.isSecure() ? place.value() : null;
            case OTHERS, FIXED -> place.value();
        };
    }

    private static @Nullable String contentLength(HttpRequest request, @Nullable EntityDetails entity) {
        if (entity != null) {
            return entity.getContentLength() >= 0 ? Long.toString(entity.getContentLength()) : null;
        }
        return switch (request.getMethod()) {
            case "POST", "PUT", "PATCH" -> "0";
            default -> null;
        };
    }

    private @Nullable RequestOrigin target(HttpRequest request) {
        RequestOrigin last = lastTarget;
        if (last != null && last.isOf(request)) {
            return last;
        }
        RequestOrigin target = RequestOrigin.of(request);
        lastTarget = target;
        return target;
    }

    private void tellContradiction(HttpRequest request, @Nullable String userAgent) {
        boolean httpClients = userAgent != null && userAgent.startsWith("Apache-Http");
        if (!(httpClients && mode == HeaderMode.PROFILE)) {
            RequestOrigin target = target(request);
            contradictions.tell(target == null ? "" : target.host(), userAgent, spec.userAgent());
        }
    }

    private FetchMetadata metadata(HttpRequest request, HeaderPlan plan, @Nullable Header[] first, RequestKind kind) {
        RequestOrigin target = target(request);
        String method = request.getMethod();
        boolean safe = "GET".equals(method) || "HEAD".equals(method);
        String referer = given(plan, first, "referer");
        String origin = given(plan, first, "origin");
        boolean siteGiven = given(plan, first, "sec-fetch-site") != null;
        if (referer != null || origin != null || siteGiven) {
            return new FetchMetadata(kind, safe, target, referer, origin, siteGiven);
        }
        Map<RequestKind, FetchMetadata> lastOnes = safe ? lastSafe : lastUnsafe;
        FetchMetadata last = lastOnes.get(kind);
        if (last == null || !last.isOf(kind, safe, target)) {
            last = new FetchMetadata(kind, safe, target, null, null, false);
            lastOnes.put(kind, last);
        }
        return last;
    }

    private static @Nullable String given(HeaderPlan plan, @Nullable Header[] first, String lower) {
        int index = plan.indexOf(lower);
        Header header = index < 0 ? null : first[index];
        return header == null ? null : value(header);
    }

    private static String value(Header header) {
        return header.getValue() == null ? "" : header.getValue();
    }
}
