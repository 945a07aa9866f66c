package io.github.hc5.utls.fingerprint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The words by which profile files name the kinds of request: the constants' names in lower case. */
final class RequestKinds {

    static final Map<String, RequestKind> WORDS = words();

    private RequestKinds() {}

    private static Map<String, RequestKind> words() {
        Map<String, RequestKind> words = new LinkedHashMap<>();
        for (RequestKind kind : RequestKind.values()) {
            words.put(kind.name().toLowerCase(Locale.ROOT), kind);
        }
        return Collections.unmodifiableMap(words);
    }
}
