package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.Messages.announcing;
import static io.github.hc5.utls.it.hostile.Messages.concat;
import static io.github.hc5.utls.it.hostile.Messages.flipLastBit;
import static io.github.hc5.utls.it.hostile.Messages.lengthened;
import static io.github.hc5.utls.it.hostile.Messages.message;
import static io.github.hc5.utls.it.hostile.Messages.shortened;
import static io.github.hc5.utls.it.hostile.Messages.withByte;
import static io.github.hc5.utls.it.hostile.Messages.withExtension;
import static io.github.hc5.utls.it.hostile.Messages.withShort;
import static io.github.hc5.utls.it.hostile.Misdeed.tls13;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureScheme;

/** What a TLS 1.3 server can do wrong from its EncryptedExtensions on, behind encryption. */
final class Tls13Misdeeds {

    private static final int ALPN = 16;
    private static final int KEY_SHARE = 51;
    private static final int SERVER_NAME = 0;

    /** Messages that a server has no business sending before its Certificate. */
    private static final List<OutOfPlace> OUT_OF_PLACE = List.of(
            new OutOfPlace("HelloRequest", 0),
            new OutOfPlace("ClientHello", 1),
            new OutOfPlace("ServerHello", 2),
            new OutOfPlace("NewSessionTicket", 4),
            new OutOfPlace("EndOfEarlyData", 5),
            new OutOfPlace("EncryptedExtensions again", 8),
            new OutOfPlace("ServerKeyExchange", 12),
            new OutOfPlace("ServerHelloDone", 14),
            new OutOfPlace("CertificateVerify", 15),
            new OutOfPlace("ClientKeyExchange", 16),
            new OutOfPlace("Finished", 20),
            new OutOfPlace("CertificateStatus", 22),
            new OutOfPlace("KeyUpdate", 24),
            new OutOfPlace("an unknown message", 99),
            new OutOfPlace("message_hash", 254));

    private record OutOfPlace(String name, int type) {}

    private Tls13Misdeeds() {}

    static Stream<Misdeed> all() {
        return Stream.of(finished(), certificateVerify(), certificate(), encryptedExtensions(), order())
                .flatMap(List::stream);
    }

    private static List<Misdeed> finished() {
        return List.of(
                tls13("wrong Finished", Tampering.change(HandshakeType.finished, Messages::flipLastBit)),
                tls13("short Finished", Tampering.change(HandshakeType.finished, m -> shortened(m, 1))),
                tls13("long Finished", Tampering.change(HandshakeType.finished, m -> lengthened(m, (byte) 0))),
                tls13("empty Finished", Tampering.change(HandshakeType.finished, m -> message(m[0], new byte[0]))));
    }

    private static List<Misdeed> certificateVerify() {
        short type = HandshakeType.certificate_verify;
        Credentials stolen =
                TestAuthority.TRUSTED.server().withKey(TestAuthority.ecKeys().getPrivate());
        return List.of(
                tls13("wrong CertificateVerify", Tampering.change(type, Messages::flipLastBit)),
                new Misdeed(
                        "TLS 1.3: CertificateVerify by a key that is not the certificate's",
                        () -> new RogueServer(stolen, ProtocolVersion.TLSv13, Tampering.NONE)),
                tls13(
                        "CertificateVerify with a scheme that was not offered",
                        Tampering.change(type, m -> withShort(m, Messages.HEADER, SignatureScheme.ecdsa_sha1))),
                tls13(
                        "CertificateVerify with PKCS #1 v1.5",
                        Tampering.change(type, m -> withShort(m, Messages.HEADER, SignatureScheme.rsa_pkcs1_sha256))),
                tls13(
                        "CertificateVerify with a scheme for another kind of key",
                        Tampering.change(
                                type, m -> withShort(m, Messages.HEADER, SignatureScheme.rsa_pss_rsae_sha256))),
                tls13(
                        "CertificateVerify with an unknown scheme",
                        Tampering.change(type, m -> withShort(m, Messages.HEADER, 0xfefe))),
                tls13("empty signature", Tampering.change(type, m -> message(m[0], new byte[] {m[4], m[5], 0, 0}))),
                tls13("CertificateVerify cut short", Tampering.change(type, m -> shortened(m, 3))),
                tls13("CertificateVerify too long", Tampering.change(type, m -> lengthened(m, (byte) 1))));
    }

    private static List<Misdeed> certificate() {
        short type = HandshakeType.certificate;
        return List.of(
                tls13("no certificate in the chain", Tampering.change(type, m -> message(m[0], new byte[4]))),
                tls13(
                        "a certificate of no bytes",
                        Tampering.change(type, m -> message(m[0], new byte[] {0, 0, 0, 5, 0, 0, 0, 0, 0}))),
                tls13(
                        "a certificate that is no certificate",
                        Tampering.change(
                                type,
                                m -> message(
                                        m[0],
                                        concat(new byte[] {0, 0, 0, 10, 0, 0, 5}, new byte[] {1, 2, 3, 4, 5, 0, 0})))),
                tls13(
                        "a certificate with a damaged signature algorithm",
                        Tampering.change(type, m -> withByte(m, Messages.HEADER + 4 + 3 + 20, 0xff))),
                tls13(
                        "request context in the server's Certificate",
                        Tampering.change(
                                type,
                                m -> message(m[0], concat(new byte[] {1, 7}, Arrays.copyOfRange(m, 5, m.length))))),
                tls13("Certificate cut short", Tampering.change(type, m -> shortened(m, 5))),
                tls13("Certificate too long", Tampering.change(type, m -> lengthened(m, (byte) 1))),
                tls13(
                        "an extension in the Certificate that was not offered",
                        Tampering.change(type, Tls13Misdeeds::withCertificateExtension)),
                tls13(
                        "a Certificate that announces 16 MB",
                        Tampering.insteadOf(
                                type, (server, m) -> server.handshake(announcing(m[0], 0xffffff, new byte[10_000])))));
    }

    /** Adds extension 0x1234 to the only entry: its extensions are the message's last two bytes, both zero. */
    private static byte[] withCertificateExtension(byte[] message) {
        byte[] body = Messages.body(shortened(message, 2));
        byte[] changed = concat(body, new byte[] {0, 4, 0x12, 0x34, 0, 0});
        int list = changed.length - 4;
        changed[1] = (byte) (list >> 16);
        changed[2] = (byte) (list >> 8);
        changed[3] = (byte) list;
        return message(message[0], changed);
    }

    private static List<Misdeed> encryptedExtensions() {
        short type = HandshakeType.encrypted_extensions;
        List<Misdeed> all = new ArrayList<>();
        all.add(tls13("EncryptedExtensions cut short", Tampering.change(type, m -> shortened(m, 1))));
        all.add(tls13("EncryptedExtensions too long", Tampering.change(type, m -> lengthened(m, (byte) 0))));
        all.add(tls13("EncryptedExtensions of no bytes", Tampering.change(type, m -> message(m[0], new byte[0]))));
        all.add(tls13("an extension that was not offered", extension(0x1234)));
        all.add(tls13("a key share among the encrypted extensions", extension(KEY_SHARE, (byte) 0, (byte) 29)));
        all.add(tls13(
                "an extension twice",
                Tampering.change(
                        type,
                        m -> withExtension(
                                withExtension(m, Messages.HEADER, SERVER_NAME, new byte[0]),
                                Messages.HEADER,
                                SERVER_NAME,
                                new byte[0]))));
        all.add(tls13("server_name with content", extension(SERVER_NAME, (byte) 0, (byte) 1)));
        return all;
    }

    private static Tampering extension(int type, byte... data) {
        return Tampering.change(HandshakeType.encrypted_extensions, m -> withExtension(m, Messages.HEADER, type, data));
    }

    /** Returns what can only be told by a client that offered ALPN. */
    static Stream<Misdeed> applicationProtocol() {
        byte[] none = {0, 0};
        byte[] empty = {0, 1, 0};
        byte[] unoffered = concat(new byte[] {0, 7, 6}, Messages.ascii("spdy/3"));
        byte[] two = concat(new byte[] {0, 12, 2}, Messages.ascii("h2"), new byte[] {8}, Messages.ascii("http/1.1"));
        byte[] cut = concat(new byte[] {0, 3, 8}, Messages.ascii("http/1.1"));
        return Stream.of(
                tls13("ALPN without a name", alpn(none)),
                tls13("ALPN with an empty name", alpn(empty)),
                tls13("ALPN with a name that was not offered", alpn(unoffered)),
                tls13("ALPN with two names", alpn(two)),
                tls13("ALPN with a wrong length", alpn(cut)));
    }

    private static Tampering alpn(byte[] data) {
        return Tampering.change(
                HandshakeType.encrypted_extensions, m -> Messages.replacingExtension(m, Messages.HEADER, ALPN, data));
    }

    private static List<Misdeed> order() {
        List<Misdeed> all = new ArrayList<>();
        OUT_OF_PLACE.forEach(wrong -> all.add(tls13(
                wrong.name() + " in place of Certificate",
                Tampering.insteadOf(
                        HandshakeType.certificate,
                        (server, m) -> server.handshake(message(wrong.type(), new byte[32]))))));
        all.add(tls13("no EncryptedExtensions", Tampering.drop(HandshakeType.encrypted_extensions)));
        all.add(tls13("no Certificate", Tampering.drop(HandshakeType.certificate)));
        all.add(tls13("no CertificateVerify", Tampering.drop(HandshakeType.certificate_verify)));
        all.add(tls13(
                "neither Certificate nor CertificateVerify",
                Tampering.both(
                        Tampering.drop(HandshakeType.certificate), Tampering.drop(HandshakeType.certificate_verify))));
        all.add(tls13("Certificate twice", Tampering.after(HandshakeType.certificate, (s, m) -> s.handshake(m))));
        all.add(tls13(
                "CertificateVerify twice",
                Tampering.after(HandshakeType.certificate_verify, (s, m) -> s.handshake(m))));
        all.add(tls13(
                "application data before Finished",
                Tampering.before(
                        HandshakeType.finished,
                        (server, m) -> server.honest(ContentType.application_data, new byte[] {1, 2, 3}))));
        all.add(tls13(
                "application data within a handshake message",
                Tampering.insteadOf(HandshakeType.certificate, (server, m) -> {
                    server.handshake(Arrays.copyOf(m, 20));
                    server.honest(ContentType.application_data, new byte[] {1, 2, 3});
                    server.handshake(Arrays.copyOfRange(m, 20, m.length));
                })));
        all.add(tls13(
                "encrypted change_cipher_spec",
                Tampering.before(
                        HandshakeType.certificate,
                        (server, m) -> server.honest(ContentType.change_cipher_spec, new byte[] {1}))));
        all.add(tls13(
                "an unknown content type behind encryption",
                Tampering.before(HandshakeType.certificate, (server, m) -> server.honest((short) 99, new byte[] {1}))));
        all.add(tls13(
                "a record of nothing but padding",
                Tampering.before(HandshakeType.certificate, (server, m) -> server.honest((short) 0, new byte[100]))));
        all.add(tls13(
                "an empty handshake record behind encryption",
                Tampering.before(
                        HandshakeType.certificate,
                        (server, m) -> server.unchecked(ContentType.handshake, new byte[0]))));
        all.add(tls13(
                "a record whose content is one byte too long",
                Tampering.before(
                        HandshakeType.certificate,
                        (server, m) -> server.unchecked(
                                ContentType.handshake, announcing(11, 16_400, new byte[16_385 - 4])))));
        all.add(tls13(
                "a plaintext message where encryption has begun",
                Tampering.insteadOf(
                        HandshakeType.encrypted_extensions,
                        (server, m) -> server.raw(Messages.record(ContentType.handshake, 0x0303, m)))));
        all.add(tls13(
                "wrong Finished after a right one",
                Tampering.after(HandshakeType.finished, (server, m) -> server.handshake(flipLastBit(m)))));
        return all;
    }
}
