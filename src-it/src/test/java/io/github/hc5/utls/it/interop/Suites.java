package io.github.hc5.utls.it.interop;

import java.util.Map;

/** The cipher suites that the profiles offer, by code point: the JSSE name, which is IANA's, and OpenSSL's. */
final class Suites {

    private static final Map<Integer, Suite> BY_CODE_POINT = Map.ofEntries(
            suite(0x1301, "TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256"),
            suite(0x1302, "TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
            suite(0x1303, "TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256"),
            suite(0xC02B, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"),
            suite(0xC02C, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "ECDHE-ECDSA-AES256-GCM-SHA384"),
            suite(0xC02F, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"),
            suite(0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"),
            suite(0xCCA9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-ECDSA-CHACHA20-POLY1305"),
            suite(0xCCA8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-CHACHA20-POLY1305"),
            suite(0xC00A, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"),
            suite(0xC013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"),
            suite(0xC014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"),
            suite(0x009C, "TLS_RSA_WITH_AES_128_GCM_SHA256", "AES128-GCM-SHA256"),
            suite(0x009D, "TLS_RSA_WITH_AES_256_GCM_SHA384", "AES256-GCM-SHA384"),
            suite(0x002F, "TLS_RSA_WITH_AES_128_CBC_SHA", "AES128-SHA"),
            suite(0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", "AES256-SHA"));

    /**
     * A suite's names.
     *
     * @param iana IANA's name
     * @param openssl OpenSSL's name
     */
    record Suite(String iana, String openssl) {}

    private Suites() {}

    /** Returns the suite of a code point, which must be one that a profile offers. */
    static Suite of(int codePoint) {
        Suite suite = BY_CODE_POINT.get(codePoint);
        if (suite == null) {
            throw new IllegalArgumentException(String.format("no profile offers cipher suite %04x", codePoint));
        }
        return suite;
    }

    private static Map.Entry<Integer, Suite> suite(int codePoint, String iana, String openssl) {
        return Map.entry(codePoint, new Suite(iana, openssl));
    }
}
