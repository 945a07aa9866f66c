package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.Messages.cipherSuiteIndex;
import static io.github.hc5.utls.it.hostile.Messages.compressionIndex;
import static io.github.hc5.utls.it.hostile.Messages.concat;
import static io.github.hc5.utls.it.hostile.Messages.extension;
import static io.github.hc5.utls.it.hostile.Messages.extensionBytes;
import static io.github.hc5.utls.it.hostile.Messages.extensionsIndex;
import static io.github.hc5.utls.it.hostile.Messages.helloRetryRequest;
import static io.github.hc5.utls.it.hostile.Messages.lengthened;
import static io.github.hc5.utls.it.hostile.Messages.replacingExtension;
import static io.github.hc5.utls.it.hostile.Messages.shortened;
import static io.github.hc5.utls.it.hostile.Messages.withByte;
import static io.github.hc5.utls.it.hostile.Messages.withExtension;
import static io.github.hc5.utls.it.hostile.Messages.withShort;
import static io.github.hc5.utls.it.hostile.Misdeed.tls12;
import static io.github.hc5.utls.it.hostile.Misdeed.tls13;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.HandshakeType;

/** What a server can do wrong in its first message, the ServerHello or the HelloRetryRequest. */
final class HelloMisdeeds {

    private static final int SUPPORTED_VERSIONS = 43;
    private static final int COOKIE = 44;
    private static final int KEY_SHARE = 51;
    private static final int RENEGOTIATION_INFO = 0xff01;
    private static final int GREASE = 0x2a2a;
    private static final int P384 = 24;
    private static final int X448 = 30;

    private HelloMisdeeds() {}

    static Stream<Misdeed> all() {
        return Stream.of(serverHello13(), keyShares(), retries(), serverHello12())
                .flatMap(List::stream);
    }

    private static Tampering hello(Tampering.Change change) {
        return Tampering.change(HandshakeType.server_hello, change);
    }

    private static List<Misdeed> serverHello13() {
        return List.of(
                tls13("ServerHello with another session id", hello(Messages::withOtherSessionId)),
                tls13("a suite that was not offered", hello(suite(CipherSuite.TLS_AES_128_CCM_SHA256))),
                tls13("a GREASE suite", hello(suite(GREASE))),
                tls13(
                        "a TLS 1.2 suite with TLS 1.3",
                        hello(suite(CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256))),
                tls13("the null suite", hello(suite(0))),
                tls13("compression", hello(m -> withByte(m, compressionIndex(m), 1))),
                tls13("version TLS 1.2 in supported_versions", hello(version(0x0303))),
                tls13("version 0x0305 in supported_versions", hello(version(0x0305))),
                tls13("a GREASE version", hello(version(GREASE))),
                tls13("version SSL 3.0", hello(version(0x0300))),
                tls13("TLS 1.3 in the legacy version", hello(m -> withShort(m, Messages.HEADER, 0x0304))),
                tls13("ServerHello cut short", hello(m -> shortened(m, 3))),
                tls13("ServerHello of no bytes", hello(m -> Messages.message(m[0], new byte[0]))),
                tls13("ServerHello too long", hello(m -> lengthened(m, (byte) 0))),
                tls13(
                        "an extension not offered",
                        hello(m -> withExtension(m, extensionsIndex(m), 0x1234, new byte[0]))),
                tls13(
                        "an extension twice",
                        hello(m -> replacingExtension(
                                m, extensionsIndex(m), SUPPORTED_VERSIONS, new byte[] {3, 4}, new byte[] {3, 4}))),
                tls13(
                        "a ServerHello that announces 16 MB",
                        hello(m -> Messages.announcing(m[0], 0xffffff, Messages.body(m)))));
    }

    private static List<Misdeed> keyShares() {
        return List.of(
                tls13("no key share", hello(m -> replacingExtension(m, extensionsIndex(m), KEY_SHARE))),
                tls13("a key share for a group that was not offered", hello(group(X448))),
                tls13("a key share for a GREASE group", hello(group(GREASE))),
                tls13("a key share for a group that was offered without a share", hello(group(P384))),
                tls13("a key share of no bytes", hello(keyShare(share -> new byte[0]))),
                tls13("a key share cut short", hello(keyShare(share -> Arrays.copyOf(share, share.length - 1)))),
                tls13("a key share too long", hello(keyShare(share -> Arrays.copyOf(share, share.length + 1)))),
                tls13("a key share of zeros", hello(keyShare(share -> new byte[share.length]))));
    }

    private static List<Misdeed> retries() {
        byte[] tls13 = extensionBytes(SUPPORTED_VERSIONS, (byte) 3, (byte) 4);
        return List.of(
                tls13("a HelloRetryRequest that changes nothing", hello(m -> helloRetryRequest(m, tls13))),
                tls13("a HelloRetryRequest without a version", hello(m -> helloRetryRequest(m, retryGroup(P384)))),
                tls13(
                        "a HelloRetryRequest for a group that was not offered",
                        hello(m -> helloRetryRequest(m, tls13, retryGroup(X448)))),
                tls13(
                        "a HelloRetryRequest for a GREASE group",
                        hello(m -> helloRetryRequest(m, tls13, retryGroup(GREASE)))),
                tls13(
                        "a HelloRetryRequest for a group whose share it has",
                        hello(m -> helloRetryRequest(
                                m,
                                tls13,
                                retryGroup(Messages.unsigned(extension(m, extensionsIndex(m), KEY_SHARE), 0))))),
                tls13(
                        "a HelloRetryRequest with an empty cookie",
                        hello(m -> helloRetryRequest(m, tls13, extensionBytes(COOKIE, (byte) 0, (byte) 0)))),
                tls13(
                        "a HelloRetryRequest with an extension that was not offered",
                        hello(m -> helloRetryRequest(m, tls13, retryGroup(P384), extensionBytes(0x1234)))),
                new Misdeed("TLS 1.3: two HelloRetryRequests", () -> new RetryingPeer(P384, 2)),
                new Misdeed("TLS 1.3: HelloRetryRequests without end", () -> new RetryingPeer(P384, 1_000)));
    }

    private static List<Misdeed> serverHello12() {
        byte[] downgradeFrom13 = concat(Messages.ascii("DOWNGRD"), new byte[] {1});
        byte[] downgradeFrom12 = concat(Messages.ascii("DOWNGRD"), new byte[] {0});
        return List.of(
                tls12("version TLS 1.1", hello(m -> withShort(m, Messages.HEADER, 0x0302))),
                tls12("version SSL 3.0", hello(m -> withShort(m, Messages.HEADER, 0x0300))),
                tls12("version 0x0404", hello(m -> withShort(m, Messages.HEADER, 0x0404))),
                tls12("a downgrade from TLS 1.3 that the server confesses", Tampering.random(downgradeFrom13)),
                tls12("a downgrade below TLS 1.2 that the server confesses", Tampering.random(downgradeFrom12)),
                tls12("a suite that was not offered", hello(suite(CipherSuite.TLS_RSA_WITH_RC4_128_SHA))),
                tls12("a TLS 1.3 suite with TLS 1.2", hello(suite(CipherSuite.TLS_AES_128_GCM_SHA256))),
                tls12("compression", hello(m -> withByte(m, compressionIndex(m), 1))),
                tls12(
                        "an extension not offered",
                        hello(m -> withExtension(m, extensionsIndex(m), 0x1234, new byte[0]))),
                tls12(
                        "renegotiation_info of an earlier handshake",
                        hello(m -> replacingExtension(
                                m, extensionsIndex(m), RENEGOTIATION_INFO, new byte[] {3, 1, 2, 3}))),
                tls12("ServerHello cut short", hello(m -> shortened(m, 1))));
    }

    private static Tampering.Change suite(int suite) {
        return m -> withShort(m, cipherSuiteIndex(m), suite);
    }

    private static Tampering.Change version(int version) {
        return m -> replacingExtension(
                m, extensionsIndex(m), SUPPORTED_VERSIONS, new byte[] {(byte) (version >> 8), (byte) version});
    }

    private static Tampering.Change group(int group) {
        return m -> replacingExtension(
                m, extensionsIndex(m), KEY_SHARE, withShort(extension(m, extensionsIndex(m), KEY_SHARE), 0, group));
    }

    private static Tampering.Change keyShare(Tampering.Change change) {
        return m -> {
            byte[] entry = extension(m, extensionsIndex(m), KEY_SHARE);
            byte[] share = change.apply(Arrays.copyOfRange(entry, 4, entry.length));
            byte[] changed = concat(
                    Arrays.copyOf(entry, 2), new byte[] {(byte) (share.length >> 8), (byte) share.length}, share);
            return replacingExtension(m, extensionsIndex(m), KEY_SHARE, changed);
        };
    }

    private static byte[] retryGroup(int group) {
        return extensionBytes(KEY_SHARE, (byte) (group >> 8), (byte) group);
    }
}
