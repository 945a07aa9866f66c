package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.Messages.ascii;
import static io.github.hc5.utls.it.hostile.Messages.record;
import static io.github.hc5.utls.it.hostile.Misdeed.tls12;
import static io.github.hc5.utls.it.hostile.Misdeed.tls13;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;

/** What a server can do wrong in the record layer, or by not speaking TLS at all. */
final class RecordMisdeeds {

    private static final int TLS = 0x0303;

    private RecordMisdeeds() {}

    static Stream<Misdeed> all() {
        return Stream.of(notTls(), plaintextRecords(), ciphertext("1.3"), ciphertext("1.2"), wire())
                .flatMap(List::stream);
    }

    private static Misdeed answer(String name, byte[]... bytes) {
        return new Misdeed("first answer: " + name, () -> new ScriptedPeer(bytes));
    }

    private static List<Misdeed> notTls() {
        List<Misdeed> all = new ArrayList<>(List.of(
                answer("plaintext HTTP", ascii("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")),
                answer("an SMTP banner", ascii("220 mail.server.test ESMTP ready\r\n")),
                answer("an SSH banner", ascii("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")),
                answer("HTML", ascii("<!DOCTYPE html><html><body>Blocked</body></html>")),
                answer("zeros", new byte[100]),
                answer("ones", filled(100, 0xff)),
                answer("HTTP/2 without TLS", record(0, 0x0012, 0x0400, new byte[30]))));
        for (int seed = 0; seed < 10; seed++) {
            byte[] garbage = new byte[300];
            new Random(seed).nextBytes(garbage);
            // Whatever else it is, it must not look like a record that is still to be completed.
            garbage[0] |= (byte) 0x80;
            all.add(answer("garbage, seed " + seed, garbage));
        }
        return all;
    }

    private static List<Misdeed> plaintextRecords() {
        return List.of(
                answer("a record of 2^14 + 257 bytes", record(22, TLS, (1 << 14) + 257, filled(20_000, 2))),
                answer("a record of 2^16 - 1 bytes", record(22, TLS, 0xffff, filled(65_535, 2))),
                answer("the header of a record of 2^14 + 257 bytes", record(22, TLS, (1 << 14) + 257, new byte[0])),
                answer("the header of a record of 2^16 - 1 bytes", record(22, TLS, 0xffff, new byte[0])),
                answer("an alert of 2^16 - 1 bytes", record(21, TLS, 0xffff, new byte[0])),
                answer("content type 0", record(0, TLS, new byte[10])),
                answer("content type 24, heartbeat", record(24, TLS, new byte[10])),
                answer("content type 99", record(99, TLS, new byte[10])),
                answer("application data", record(23, TLS, new byte[40])),
                answer("a handshake record of no bytes", record(22, TLS, new byte[0])),
                answer("an alert of no bytes", record(21, TLS, new byte[0])),
                answer("a change_cipher_spec of no bytes", record(20, TLS, new byte[0])),
                answer("a change_cipher_spec of two bytes", record(20, TLS, new byte[] {1, 1})),
                answer("a change_cipher_spec that says 2", record(20, TLS, new byte[] {2})),
                answer(
                        "a message that announces 16 MB",
                        record(22, TLS, Messages.announcing(2, 0xffffff, new byte[9]))),
                answer("a Certificate first", record(22, TLS, Messages.message(11, new byte[100]))),
                answer("a Finished first", record(22, TLS, Messages.message(20, new byte[12]))),
                answer("a ClientHello", record(22, TLS, Messages.message(1, new byte[100]))),
                answer("an unknown message", record(22, TLS, Messages.message(200, new byte[100]))));
    }

    private static List<Misdeed> ciphertext(String version) {
        boolean tls13 = version.equals("1.3");
        List<Misdeed> all = new ArrayList<>();
        for (int length : new int[] {0, 1, 8, 15, 16, 17, 24}) {
            if (length > 0 || tls13) {
                all.add(connected(tls13, "ciphertext of " + length + " bytes", record(23, TLS, filled(length, 7))));
            }
        }
        int limit = tls13 ? (1 << 14) + 256 : (1 << 14) + 2048;
        all.add(connected(tls13, "ciphertext one byte too long", record(23, TLS, limit + 1, new byte[0])));
        all.add(connected(tls13, "ciphertext of 2^16 - 1 bytes", record(23, TLS, 0xffff, new byte[0])));
        all.add(connected(tls13, "ciphertext of noise", record(23, TLS, filled(500, 9))));
        all.add(connected(tls13, "content type 0 after the handshake", record(0, TLS, filled(40, 1))));
        all.add(connected(tls13, "content type 99 after the handshake", record(99, TLS, filled(40, 1))));
        all.add(connected(tls13, "a plaintext alert after the handshake", record(21, TLS, new byte[] {2, 40})));
        all.add(connected(tls13, "a plaintext message after the handshake", record(22, TLS, new byte[] {0, 0, 0, 0})));
        all.add(connected(tls13, "plaintext HTTP after the handshake", ascii("HTTP/1.1 200 OK\r\n\r\n")));
        all.add(misdeed(
                tls13,
                "content one byte too long",
                Tampering.connected(
                        (server, m) -> server.unchecked(ContentType.application_data, new byte[(1 << 14) + 1]))));
        all.add(misdeed(
                tls13,
                "an alert of no bytes",
                Tampering.connected((server, m) -> server.unchecked(ContentType.alert, new byte[0]))));
        all.add(misdeed(
                tls13,
                "a handshake record of no bytes",
                Tampering.connected((server, m) -> server.unchecked(ContentType.handshake, new byte[0]))));
        all.add(misdeed(
                tls13,
                "change_cipher_spec behind encryption",
                Tampering.connected((server, m) -> server.honest(ContentType.change_cipher_spec, new byte[] {1}))));
        return all;
    }

    private static Misdeed connected(boolean tls13, String name, byte[] raw) {
        return misdeed(tls13, name, Tampering.connected((server, message) -> server.raw(raw)));
    }

    private static Misdeed misdeed(boolean tls13, String name, Tampering tampering) {
        return tls13 ? tls13(name, tampering) : tls12(name, tampering);
    }

    /** Damage between the server and the client, to records that were sound when they were sent. */
    private static List<Misdeed> wire() {
        return List.of(
                tls13("a bit flipped in the last record of the first flight", flight(Messages::flipLastBit)),
                tls13("application data sent twice", afterData(sent -> Messages.concat(sent, sent))),
                tls12("application data sent twice", afterData(sent -> Messages.concat(sent, sent))),
                tls13("application data with a bit flipped", afterData(Messages::flipLastBit)),
                tls12("application data with a bit flipped", afterData(Messages::flipLastBit)),
                tls13("records in the wrong order", twoRecords(RecordMisdeeds::swapped)),
                tls12("records in the wrong order", twoRecords(RecordMisdeeds::swapped)),
                tls13("the first of two records lost", twoRecords(RecordMisdeeds::secondOnly)),
                tls12("the first of two records lost", twoRecords(RecordMisdeeds::secondOnly)));
    }

    private static Tampering flight(Tampering.Change change) {
        return new Tampering() {
            private boolean done;

            @Override
            public byte[] wire(byte[] sent) {
                if (done || sent.length == 0) {
                    return sent;
                }
                done = true;
                return change.apply(sent);
            }
        };
    }

    private static Tampering afterData(Tampering.Change change) {
        return sending(change, 1);
    }

    private static Tampering twoRecords(Tampering.Change change) {
        return sending(change, 2);
    }

    /** Sends so many records of application data when connected; they leave together with what that same call wrote. */
    private static Tampering sending(Tampering.Change change, int records) {
        return new Tampering() {
            private int before = -1;

            @Override
            public void connected(RogueServer.Protocol server) throws IOException {
                before = server.getAvailableOutputBytes();
                for (int i = 0; i < records; i++) {
                    server.honest(ContentType.application_data, new byte[] {1, 2, 3});
                }
            }

            @Override
            public byte[] wire(byte[] sent) {
                if (before < 0 || sent.length == 0) {
                    return sent;
                }
                byte[] head = Arrays.copyOf(sent, before);
                byte[] data = Arrays.copyOfRange(sent, before, sent.length);
                before = -1;
                return Messages.concat(head, change.apply(data));
            }
        };
    }

    private static byte[] swapped(byte[] records) {
        int first = 5 + Messages.unsigned(records, 3);
        return Messages.concat(Arrays.copyOfRange(records, first, records.length), Arrays.copyOf(records, first));
    }

    private static byte[] secondOnly(byte[] records) {
        return Arrays.copyOfRange(records, 5 + Messages.unsigned(records, 3), records.length);
    }

    /** Returns what a server may be up to after the handshake, with messages that are properly encrypted. */
    static Stream<Misdeed> afterTheHandshake() {
        List<Misdeed> all = new ArrayList<>();
        for (int type : new int[] {1, 2, 5, 8, 11, 12, 14, 15, 16, 20, 22, 25, 99, 254}) {
            byte[] message = Messages.message(type, new byte[40]);
            all.add(tls13("message " + type + " after the handshake", connectedMessage(message)));
            all.add(tls12("message " + type + " after the handshake", connectedMessage(message)));
        }
        short certificateRequest = HandshakeType.certificate_request;
        byte[] request = Messages.message(certificateRequest, new byte[] {1, 5, 0, 8, 0, 13, 0, 4, 0, 2, 4, 3});
        all.add(tls13("CertificateRequest after the handshake", connectedMessage(request)));
        all.add(tls13("KeyUpdate that says 2", connectedMessage(Messages.message(24, new byte[] {2}))));
        all.add(tls13("KeyUpdate of no bytes", connectedMessage(Messages.message(24, new byte[0]))));
        all.add(tls13("KeyUpdate of two bytes", connectedMessage(Messages.message(24, new byte[] {0, 0}))));
        all.add(tls12("KeyUpdate", connectedMessage(Messages.message(24, new byte[] {0}))));
        all.add(tls13(
                "a message that announces 16 MB",
                connectedMessage(Messages.announcing(HandshakeType.new_session_ticket, 0xffffff, new byte[5_000]))));
        return all.stream();
    }

    private static Tampering connectedMessage(byte[] message) {
        return Tampering.connected((server, ignored) -> server.handshake(message));
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
