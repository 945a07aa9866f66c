package io.github.hc5.utls.fingerprint;

import java.io.ByteArrayOutputStream;

/**
 * Puts together the first handshake message of a client from its plaintext records (RFC 8446 section 5.1), and knows where
 * in the input each of its bytes stood.
 */
final class HandshakeRecords {

    static final int MESSAGE_HEADER = 4;

    private static final int HANDSHAKE = 22;
    private static final int RECORD_HEADER = 5;

    private static final int MAX_FRAGMENT = 1 << 14;

    private final byte[] input;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private final byte[] header = new byte[MESSAGE_HEADER];
    private int position;

    private HandshakeRecords(byte[] input) {
        this.input = input;
    }

    static HandshakeRecords read(byte[] input) {
        HandshakeRecords records = new HandshakeRecords(input);
        while (!records.isComplete()) {
            records.readRecord();
        }
        int excess = records.collected.size() - records.messageLength();
        if (excess > 0) {
            throw malformed(
                    records.inputOffset(records.messageLength()),
                    excess + " unexpected bytes after the message in its record");
        }
        return records;
    }

    byte[] message() {
        return collected.toByteArray();
    }

    int recordVersion() {
        return u16(1);
    }

    /** The number of input bytes that the records of the message take. */
    int wireLength() {
        return position;
    }

    /** Translates a position in the message by walking over the record headers, since only errors ask for it. */
    int inputOffset(int messageOffset) {
        int record = 0;
        int left = messageOffset;
        while (record + RECORD_HEADER <= input.length) {
            int length = u16(record + 3);
            if (left < length || record + RECORD_HEADER + length >= position) {
                break;
            }
            left -= length;
            record += RECORD_HEADER + length;
        }
        return record + RECORD_HEADER + left;
    }

    private boolean isComplete() {
        return collected.size() >= MESSAGE_HEADER && collected.size() >= messageLength();
    }

    private void readRecord() {
        if (position < input.length && u8(position) != HANDSHAKE) {
            throw malformed(position, "record type is " + u8(position) + ", must be 22 (handshake)");
        }
        if (position + 1 < input.length && u8(position + 1) != 3) {
            throw malformed(position + 1, "record version starts with " + u8(position + 1) + ", must be 3");
        }
        if (input.length - position < RECORD_HEADER) {
            throw truncated("a record header needs 5 bytes");
        }
        int length = u16(position + 3);
        if (length == 0 || length > MAX_FRAGMENT) {
            throw malformed(position + 3, "record length is " + length + ", allowed are 1 to 16384");
        }
        int body = position + RECORD_HEADER;
        int available = Math.min(length, input.length - body);
        collect(body, available);
        if (available < length) {
            throw truncated("a record needs " + length + " bytes, only " + available + " are there");
        }
        position = body + length;
    }

    private void collect(int body, int length) {
        int missing = Math.min(length, MESSAGE_HEADER - collected.size());
        if (missing > 0) {
            System.arraycopy(input, body, header, collected.size(), missing);
        }
        collected.write(input, body, length);
        if (collected.size() > 0 && header[0] != ClientHelloParser.CLIENT_HELLO) {
            throw malformed(inputOffset(0), "handshake type is " + (header[0] & 0xFF) + ", must be 1 (client_hello)");
        }
        if (collected.size() >= MESSAGE_HEADER && messageLength() > ClientHelloParser.MAX_MESSAGE_LENGTH) {
            throw malformed(
                    inputOffset(1),
                    "the message takes " + messageLength() + " bytes, at most " + ClientHelloParser.MAX_MESSAGE_LENGTH
                            + " are accepted");
        }
    }

    /** The length of the whole message with its header, as the header announces it. */
    private int messageLength() {
        return MESSAGE_HEADER + ((header[1] & 0xFF) << 16 | (header[2] & 0xFF) << 8 | (header[3] & 0xFF));
    }

    private ClientHelloFormatException truncated(String problem) {
        return new ClientHelloFormatException(input.length, problem, true);
    }

    private static ClientHelloFormatException malformed(int offset, String problem) {
        return new ClientHelloFormatException(offset, problem, false);
    }

    private int u8(int at) {
        return input[at] & 0xFF;
    }

    private int u16(int at) {
        return u8(at) << 8 | u8(at + 1);
    }
}
