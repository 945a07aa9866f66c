package io.github.hc5.utls.fingerprint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Writes ClientHellos for tests, well formed or not. */
final class HelloBytes {

    private int legacyVersion = 0x0303;
    private byte[] cipherSuites = u16s(List.of(0x1301));
    private byte[] compression = {0};
    private int sessionIdLength = 32;
    private final List<byte[]> extensions = new ArrayList<>();

    HelloBytes legacyVersion(int version) {
        this.legacyVersion = version;
        return this;
    }

    HelloBytes cipherSuites(byte[] body) {
        this.cipherSuites = body;
        return this;
    }

    HelloBytes cipherSuites(List<Integer> suites) {
        return cipherSuites(u16s(suites));
    }

    HelloBytes compression(byte... methods) {
        this.compression = methods;
        return this;
    }

    HelloBytes sessionIdLength(int length) {
        this.sessionIdLength = length;
        return this;
    }

    HelloBytes extension(int type, byte[] body) {
        extensions.add(concat(u16(type), vector16(body)));
        return this;
    }

    HelloBytes extension(int type, String hex) {
        return extension(type, HexFormat.of().parseHex(hex));
    }

    byte[] message() {
        byte[] hello = concat(
                u16(legacyVersion),
                new byte[32],
                vector8(new byte[sessionIdLength]),
                vector16(cipherSuites),
                vector8(compression));
        if (!extensions.isEmpty()) {
            hello = concat(hello, vector16(concat(extensions.toArray(new byte[0][]))));
        }
        return concat(new byte[] {1, (byte) (hello.length >> 16)}, u16(hello.length), hello);
    }

    /** The message in one record. */
    byte[] records() {
        return records(message(), 1 << 14);
    }

    /** The message in records of at most the given number of bytes. */
    static byte[] records(byte[] message, int fragment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length; at += fragment) {
            int length = Math.min(fragment, message.length - at);
            out.writeBytes(new byte[] {22, 3, 1});
            out.writeBytes(u16(length));
            out.write(message, at, length);
        }
        return out.toByteArray();
    }

    static byte[] u16(int value) {
        return new byte[] {(byte) (value >> 8), (byte) value};
    }

    static byte[] u16s(List<Integer> values) {
        return concat(values.stream().map(HelloBytes::u16).toArray(byte[][]::new));
    }

    static byte[] u8s(List<Integer> values) {
        byte[] bytes = new byte[values.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = values.get(i).byteValue();
        }
        return bytes;
    }

    static byte[] vector8(byte[] body) {
        return concat(new byte[] {(byte) body.length}, body);
    }

    static byte[] vector16(byte[] body) {
        return concat(u16(body.length), body);
    }

    /** The body of an ALPN extension. */
    static byte[] protocols(List<String> names) {
        return vector16(concat(names.stream()
                .map(name -> vector8(name.getBytes(StandardCharsets.ISO_8859_1)))
                .toArray(byte[][]::new)));
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
