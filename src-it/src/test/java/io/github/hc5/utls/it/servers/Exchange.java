package io.github.hc5.utls.it.servers;

import io.github.hc5.utls.fingerprint.Octets;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;

/**
 * What the servers written in Java answer: {@code /report} the {@link ServerReport}, {@code /bytes/N} N bytes of a fixed
 * pattern, {@code /sum} the length and CRC-32 of the request's body.
 *
 * @param status the status code
 * @param body the body
 */
public record Exchange(int status, Octets body) {

    private static final String BYTES = "/bytes/";

    /** Returns the answer to a request. */
    static Exchange answer(String path, byte[] requestBody, Supplier<Map<String, String>> report) {
        if (path.startsWith(BYTES)) {
            return ok(pattern(Integer.parseInt(path.substring(BYTES.length()))));
        }
        return switch (path) {
            case "/report" -> ok(new ServerReport(report.get()).toBody());
            case "/sum" -> ok(new ServerReport(sum(requestBody)).toBody());
            default -> new Exchange(404, Octets.empty());
        };
    }

    private static Exchange ok(byte[] body) {
        return new Exchange(200, Octets.of(body));
    }

    /** Returns the first {@code length} bytes of the pattern, whose period is no power of two. */
    public static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    /** Returns the values that {@code /sum} reports of a body. */
    public static Map<String, String> sum(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return Map.of("length", Integer.toString(body.length), "crc32", Long.toHexString(crc.getValue()));
    }
}
