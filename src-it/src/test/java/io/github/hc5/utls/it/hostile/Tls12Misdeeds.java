package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.Messages.lengthened;
import static io.github.hc5.utls.it.hostile.Messages.message;
import static io.github.hc5.utls.it.hostile.Messages.shortened;
import static io.github.hc5.utls.it.hostile.Messages.withByte;
import static io.github.hc5.utls.it.hostile.Messages.withShort;
import static io.github.hc5.utls.it.hostile.Misdeed.tls12;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.HandshakeType;
import org.bouncycastle.tls.ProtocolVersion;

/** What a TLS 1.2 server can do wrong after its ServerHello. */
final class Tls12Misdeeds {

    private static final List<OutOfPlace> OUT_OF_PLACE = List.of(
            new OutOfPlace("ClientHello", 1),
            new OutOfPlace("ServerHello", 2),
            new OutOfPlace("NewSessionTicket", 4),
            new OutOfPlace("EncryptedExtensions", 8),
            new OutOfPlace("Certificate again", 11),
            new OutOfPlace("CertificateVerify", 15),
            new OutOfPlace("ClientKeyExchange", 16),
            new OutOfPlace("Finished", 20),
            new OutOfPlace("KeyUpdate", 24),
            new OutOfPlace("an unknown message", 99));

    private record OutOfPlace(String name, int type) {}

    private Tls12Misdeeds() {}

    static Stream<Misdeed> all() {
        return Stream.of(keyExchange(), certificate(), order()).flatMap(List::stream);
    }

    private static List<Misdeed> keyExchange() {
        short type = HandshakeType.server_key_exchange;
        Credentials stolen =
                TestAuthority.TRUSTED.server().withKey(TestAuthority.ecKeys().getPrivate());
        return List.of(
                tls12("wrong signature in ServerKeyExchange", Tampering.change(type, Messages::flipLastBit)),
                new Misdeed(
                        "TLS 1.2: ServerKeyExchange by a key that is not the certificate's",
                        () -> new RogueServer(stolen, ProtocolVersion.TLSv12, Tampering.NONE)),
                tls12("explicit curve", Tampering.change(type, m -> withByte(m, Messages.HEADER, 1))),
                tls12("a curve that was not offered", Tampering.change(type, m -> withShort(m, 5, 30))),
                tls12("a GREASE curve", Tampering.change(type, m -> withShort(m, 5, 0x2a2a))),
                tls12("another key in ServerKeyExchange", Tampering.change(type, m -> withByte(m, 20, m[20] ^ 1))),
                tls12("a key of no bytes", Tampering.change(type, m -> withByte(m, 7, 0))),
                tls12("ServerKeyExchange cut short", Tampering.change(type, m -> shortened(m, 4))),
                tls12("ServerKeyExchange too long", Tampering.change(type, m -> lengthened(m, (byte) 0))),
                tls12("ServerKeyExchange of no bytes", Tampering.change(type, m -> message(m[0], new byte[0]))),
                tls12("no ServerKeyExchange", Tampering.drop(type)));
    }

    private static List<Misdeed> certificate() {
        short type = HandshakeType.certificate;
        return List.of(
                tls12("no certificate in the chain", Tampering.change(type, m -> message(m[0], new byte[3]))),
                tls12(
                        "a certificate of no bytes",
                        Tampering.change(type, m -> message(m[0], new byte[] {0, 0, 3, 0, 0, 0}))),
                tls12(
                        "a certificate that is no certificate",
                        Tampering.change(type, m -> message(m[0], new byte[] {0, 0, 8, 0, 0, 5, 1, 2, 3, 4, 5}))),
                tls12("Certificate cut short", Tampering.change(type, m -> shortened(m, 5))),
                tls12("Certificate too long", Tampering.change(type, m -> lengthened(m, (byte) 1))),
                tls12("no Certificate", Tampering.drop(type)),
                tls12(
                        "a Certificate that announces 16 MB",
                        Tampering.insteadOf(
                                type,
                                (server, m) ->
                                        server.handshake(Messages.announcing(m[0], 0xffffff, new byte[10_000])))));
    }

    private static List<Misdeed> order() {
        short done = HandshakeType.server_hello_done;
        List<Misdeed> all = new ArrayList<>();
        OUT_OF_PLACE.forEach(wrong -> all.add(tls12(
                wrong.name() + " in place of ServerHelloDone",
                Tampering.insteadOf(done, (server, m) -> server.handshake(message(wrong.type(), new byte[32]))))));
        all.add(tls12("ServerHelloDone with content", Tampering.change(done, m -> lengthened(m, (byte) 0))));
        all.add(tls12(
                "change_cipher_spec before the keys are agreed",
                Tampering.before(done, (server, m) -> server.honest(ContentType.change_cipher_spec, new byte[] {1}))));
        all.add(tls12("wrong Finished", Tampering.change(HandshakeType.finished, Messages::flipLastBit)));
        all.add(tls12("short Finished", Tampering.change(HandshakeType.finished, m -> shortened(m, 1))));
        all.add(tls12("long Finished", Tampering.change(HandshakeType.finished, m -> lengthened(m, (byte) 0))));
        all.add(tls12(
                "application data before Finished",
                Tampering.before(
                        HandshakeType.finished,
                        (server, m) -> server.honest(ContentType.application_data, new byte[] {1, 2, 3}))));
        all.add(tls12(
                "application data before encryption",
                Tampering.before(
                        done, (server, m) -> server.honest(ContentType.application_data, new byte[] {1, 2, 3}))));
        all.add(tls12("no change_cipher_spec before Finished", new Tampering() {
            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                if (contentType != ContentType.change_cipher_spec) {
                    server.honest(contentType, fragment);
                }
            }
        }));
        all.add(tls12("malformed change_cipher_spec", new Tampering() {
            @Override
            public void write(RogueServer.Protocol server, short contentType, byte[] fragment) throws IOException {
                boolean change = contentType == ContentType.change_cipher_spec;
                server.honest(contentType, change ? new byte[] {2} : fragment);
            }
        }));
        return all;
    }
}
