package io.github.hc5.utls.fingerprint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the ClientHellos in a file: a packet capture (pcap or pcapng), the bare bytes of TLS records, or those in
 * hexadecimal digits, in which blanks, line breaks and colons do not count and {@code #} starts a comment.
 */
public final class CapturedHellos {

    /** The greatest file that is read, in bytes. */
    public static final int MAX_FILE_LENGTH = 1 << 28;

    /** More than the records of the longest hello take, even in small fragments. */
    private static final int LONGEST = 8 * ClientHelloParser.MAX_MESSAGE_LENGTH;

    private static final int HANDSHAKE = 22;
    private static final Pattern COMMENT = Pattern.compile("#[^\n]*");
    private static final Pattern SEPARATORS = Pattern.compile("[\\s:]+");

    private CapturedHellos() {}

    /**
     * Returns the hellos in a file's content, in its order: at least one. In a packet capture, that is the first one of
     * each TCP connection.
     *
     * @throws CaptureFormatException if the file is malformed, too long, or without a complete ClientHello; no other
     *     exception comes from any content
     */
    public static List<ClientHelloMessage> read(byte[] file) {
        if (file.length > MAX_FILE_LENGTH) {
            throw new CaptureFormatException(
                    "the file has " + file.length + " bytes, at most " + MAX_FILE_LENGTH + " are read");
        }
        if (PcapReader.isCapture(file)) {
            return ofStreams(PcapReader.streams(file));
        }
        return ofRecords(file.length > 0 && file[0] == HANDSHAKE ? file : ofText(file));
    }

    private static byte[] ofText(byte[] file) {
        String text = new String(file, StandardCharsets.ISO_8859_1);
        String digits = SEPARATORS.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll("");
        if (digits.isEmpty() || digits.length() % 2 != 0 || !isHex(digits)) {
            throw new CaptureFormatException("the file is no packet capture (pcap, pcapng), does not start with a TLS"
                    + " handshake record (16 03), and is not made of hexadecimal digits");
        }
        return HexFormat.of().parseHex(digits);
    }

    private static boolean isHex(String digits) {
        return digits.chars().allMatch(HexFormat::isHexDigit);
    }

    private static List<ClientHelloMessage> ofRecords(byte[] records) {
        List<ClientHelloMessage> hellos = new ArrayList<>();
        int at = 0;
        // Behind a hello another may follow, or what else the client sent.
        while (hellos.isEmpty() || (at < records.length && records[at] == HANDSHAKE)) {
            ClientHelloMessage hello;
            try {
                hello = ClientHelloParser.parse(
                        Arrays.copyOfRange(records, at, Math.min(records.length, at + LONGEST)));
            } catch (ClientHelloFormatException e) {
                throw new CaptureFormatException(
                        "hello " + (hellos.size() + 1) + " (from byte " + at + "): " + e.getMessage());
            }
            hellos.add(hello);
            at += hello.wireLength();
        }
        return List.copyOf(hellos);
    }

    private static List<ClientHelloMessage> ofStreams(List<byte[]> streams) {
        List<ClientHelloMessage> hellos = new ArrayList<>();
        String problem = "";
        for (byte[] stream : streams) {
            if (stream.length > 2 && stream[0] == HANDSHAKE && stream[1] == 3) {
                try {
                    hellos.add(ClientHelloParser.parse(stream));
                } catch (ClientHelloFormatException e) {
                    // The server's direction starts with a handshake record too; it is no hello of a client.
                    problem = "; the last one that began with a handshake record: " + e.getMessage();
                }
            }
        }
        if (hellos.isEmpty()) {
            throw new CaptureFormatException(
                    "no ClientHello in the capture's " + streams.size() + " TCP streams with data" + problem);
        }
        return List.copyOf(hellos);
    }
}
