package io.github.hc5.utls.it.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Handshake messages and records as bytes, and changes to them that keep the lengths around them right. */
final class Messages {

    static final int HEADER = 4;
    private static final int SERVER_RANDOM = HEADER + 2;
    private static final int SESSION_ID_LENGTH = SERVER_RANDOM + 32;

    /** The random by which a ServerHello is a HelloRetryRequest (RFC 8446 section 4.1.3). */
    private static final byte[] RETRY_RANDOM =
            HexFormat.of().parseHex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c");

    private Messages() {}

    static byte[] message(int type, byte[] body) {
        return concat(
                new byte[] {(byte) type, (byte) (body.length >> 16), (byte) (body.length >> 8), (byte) body.length},
                body);
    }

    /** Returns the header of a message that announces so many bytes, with the bytes that it has. */
    static byte[] announcing(int type, int length, byte[] body) {
        byte[] message = message(type, body);
        message[1] = (byte) (length >> 16);
        message[2] = (byte) (length >> 8);
        message[3] = (byte) length;
        return message;
    }

    static byte[] record(int type, int version, byte[] fragment) {
        return record(type, version, fragment.length, fragment);
    }

    /** Returns a record whose header announces a length of its own. */
    static byte[] record(int type, int version, int announced, byte[] fragment) {
        return concat(
                new byte[] {
                    (byte) type, (byte) (version >> 8), (byte) version, (byte) (announced >> 8), (byte) announced
                },
                fragment);
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] flipLastBit(byte[] message) {
        byte[] changed = message.clone();
        changed[changed.length - 1] ^= 1;
        return changed;
    }

    static byte[] withByte(byte[] message, int index, int value) {
        byte[] changed = message.clone();
        changed[index] = (byte) value;
        return changed;
    }

    static byte[] withShort(byte[] message, int index, int value) {
        return withByte(withByte(message, index, value >> 8), index + 1, value);
    }

    /** Cuts the end of a message off, its length said honestly. */
    static byte[] shortened(byte[] message, int by) {
        return message(message[0], Arrays.copyOfRange(message, HEADER, message.length - by));
    }

    /** Adds bytes behind a message's last field, its length said honestly. */
    static byte[] lengthened(byte[] message, byte... more) {
        return message(message[0], concat(body(message), more));
    }

    static byte[] body(byte[] message) {
        return Arrays.copyOfRange(message, HEADER, message.length);
    }

    static int cipherSuiteIndex(byte[] serverHello) {
        return SESSION_ID_LENGTH + 1 + serverHello[SESSION_ID_LENGTH];
    }

    static int compressionIndex(byte[] serverHello) {
        return cipherSuiteIndex(serverHello) + 2;
    }

    /** Returns where the two length bytes of the extensions stand. */
    static int extensionsIndex(byte[] serverHello) {
        return compressionIndex(serverHello) + 1;
    }

    static byte[] withOtherSessionId(byte[] serverHello) {
        byte[] changed = serverHello.clone();
        changed[SESSION_ID_LENGTH + 1] ^= 1;
        return changed;
    }

    /** Adds an extension behind those of a ServerHello or, its extensions standing first, an EncryptedExtensions. */
    static byte[] withExtension(byte[] message, int extensions, int type, byte[] data) {
        byte[] added = concat(
                new byte[] {(byte) (type >> 8), (byte) type, (byte) (data.length >> 8), (byte) data.length}, data);
        int length = unsigned(message, extensions) + added.length;
        byte[] body = concat(Arrays.copyOfRange(message, HEADER, message.length), added);
        return withShort(message(message[0], body), extensions, length);
    }

    /** Replaces an extension's data, or takes the extension out where there is none to put in. */
    static byte[] replacingExtension(byte[] message, int extensions, int type, byte[]... data) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int at = extensions + 2;
        while (at < message.length) {
            int length = unsigned(message, at + 2);
            if (unsigned(message, at) == type) {
                for (byte[] replacement : data) {
                    kept.write(message, at, 2);
                    kept.write(replacement.length >> 8);
                    kept.write(replacement.length);
                    kept.writeBytes(replacement);
                }
            } else {
                kept.write(message, at, HEADER + length);
            }
            at += HEADER + length;
        }
        byte[] head = Arrays.copyOfRange(message, HEADER, extensions + 2);
        return withShort(message(message[0], concat(head, kept.toByteArray())), extensions, kept.size());
    }

    /** Returns an extension's data. */
    static byte[] extension(byte[] message, int extensions, int type) {
        int at = extensions + 2;
        while (at < message.length) {
            int length = unsigned(message, at + 2);
            if (unsigned(message, at) == type) {
                return Arrays.copyOfRange(message, at + HEADER, at + HEADER + length);
            }
            at += HEADER + length;
        }
        throw new IllegalArgumentException("no extension " + type);
    }

    /** Returns a HelloRetryRequest in answer to the same hello as the ServerHello, with the extensions given. */
    static byte[] helloRetryRequest(byte[] serverHello, byte[]... extensions) {
        byte[] all = concat(extensions);
        byte[] changed = Arrays.copyOfRange(serverHello, HEADER, extensionsIndex(serverHello));
        System.arraycopy(RETRY_RANDOM, 0, changed, 2, RETRY_RANDOM.length);
        return message(2, concat(changed, new byte[] {(byte) (all.length >> 8), (byte) all.length}, all));
    }

    static byte[] extensionBytes(int type, byte... data) {
        return concat(
                new byte[] {(byte) (type >> 8), (byte) type, (byte) (data.length >> 8), (byte) data.length}, data);
    }

    static int unsigned(byte[] bytes, int index) {
        return (bytes[index] & 0xff) << 8 | (bytes[index + 1] & 0xff);
    }
}
