package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One connection's ClientHello: everything that a browser draws at random for a connection is drawn once, here, and kept
 * for the second hello after a HelloRetryRequest.
 *
 * <p>A browser's second hello differs from its first in key_share (one share, no GREASE), in the cookie if the server
 * sent one, in that padding is gone, and nowhere else; the record layer's version is the caller's. GREASE values for cipher suite, group, version,
 * signature scheme and the two extensions are drawn independently, except that the key share's group equals the one in
 * supported_groups and that the two extensions differ, as BoringSSL does it.
 */
final class HelloDraw {

    /** A share as it stands in the key_share extension. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that is never compared
    record Share(int group, byte[] publicKey) {}

    private static final int LEGACY_VERSION = 0x0303;
    private static final int GREASE_SHARE_BODY = 0;
    private static final String HTTP_1_1 = "http/1.1";
    private static final int HANDSHAKE_HEADER = 4;

    private final List<ExtensionSpec> extensions;
    private final List<Integer> cipherSuites;
    private final List<String> protocols;
    private final @Nullable String serverName;
    private final int greaseGroup;
    private final int greaseVersion;
    private final int greaseScheme;
    private final int greaseFirstExtension;
    private final int greaseSecondExtension;
    private final byte @Nullable [] echGrease;

    /**
     * @param spec the profile's hello
     * @param serverName the name for server_name, or null where the peer has none
     * @param protocols the ALPN names to offer in place of the profile's, of which they are a part; empty for none
     * @param decoyKey an X25519 public key for the encapsulated key of a GREASE ECH offer
     * @param random a cryptographically strong source
     */
    HelloDraw(
            ClientHelloSpec spec, @Nullable String serverName, List<String> protocols, byte[] decoyKey, Random random) {
        this.serverName = serverName;
        this.protocols = List.copyOf(protocols);
        int greaseCipher = Grease.draw(random);
        this.greaseGroup = Grease.draw(random);
        this.greaseVersion = Grease.draw(random);
        this.greaseScheme = Grease.draw(random);
        this.greaseFirstExtension = Grease.draw(random);
        this.greaseSecondExtension = Grease.drawOther(random, greaseFirstExtension);
        this.cipherSuites = replaceGrease(spec.cipherSuites(), greaseCipher);
        this.echGrease = spec.extension(ExtensionSpec.EncryptedClientHelloGrease.class)
                .map(ech -> drawEch(ech, decoyKey, random))
                .orElse(null);
        this.extensions = order(spec, random);
    }

    /** Returns the ALPN names offered. */
    List<String> protocols() {
        return protocols;
    }

    /**
     * Encodes the handshake message's body, without its four-byte header.
     *
     * @param shares the key shares in the browser's order, without GREASE
     * @param cookie the cookie of a HelloRetryRequest
     * @param retry whether the server asked for another group, so that the shares go without GREASE
     */
    byte[] encode(byte[] random, byte[] sessionId, List<Share> shares, byte @Nullable [] cookie, boolean retry) {
        WireWriter out = new WireWriter(2048);
        out.u16(LEGACY_VERSION).raw(random).vector8(sessionId);
        int suites = out.open(2);
        cipherSuites.forEach(out::u16);
        out.close(suites, 2);
        out.vector8(new byte[] {0});
        int block = out.open(2);
        boolean firstGrease = true;
        for (ExtensionSpec extension : extensions) {
            if (extension instanceof ExtensionSpec.Padding) {
                if (!retry && cookie == null) {
                    writePadding(out);
                }
            } else {
                int type = extension.type();
                if (extension instanceof ExtensionSpec.GreaseExtension) {
                    type = firstGrease ? greaseFirstExtension : greaseSecondExtension;
                    firstGrease = false;
                }
                writeExtension(out, type, extension, shares, cookie, retry);
            }
        }
        out.close(block, 2);
        return out.toByteArray();
    }

    private void writeExtension(
            WireWriter out,
            int type,
            ExtensionSpec extension,
            List<Share> shares,
            byte @Nullable [] cookie,
            boolean retry) {
        if ((extension instanceof ExtensionSpec.ServerName && serverName == null)
                || (extension instanceof ExtensionSpec.Cookie && cookie == null)
                || (extension instanceof ExtensionSpec.ApplicationProtocols && protocols.isEmpty())) {
            return;
        }
        if (extension instanceof ExtensionSpec.ApplicationSettings alps
                && offered(alps).isEmpty()) {
            return;
        }
        out.u16(type);
        int body = out.open(2);
        if (extension instanceof ExtensionSpec.GreaseExtension grease) {
            out.raw(grease.body().toByteArray());
        } else if (extension instanceof ExtensionSpec.ServerName) {
            int names = out.open(2);
            out.u8(0);
            int name = out.open(2);
            out.ascii(Optional.ofNullable(serverName).orElseThrow());
            out.close(name, 2);
            out.close(names, 2);
        } else if (extension instanceof ExtensionSpec.RenegotiationInfo) {
            out.u8(0);
        } else if (extension instanceof ExtensionSpec.SupportedGroups groups) {
            writeList(out, 2, replaceGrease(groups.groups(), greaseGroup));
        } else if (extension instanceof ExtensionSpec.EcPointFormats formats) {
            writeBytes(out, formats.formats());
        } else if (extension instanceof ExtensionSpec.ApplicationProtocols) {
            writeNames(out, protocols);
        } else if (extension instanceof ExtensionSpec.StatusRequest) {
            out.u8(1).u16(0).u16(0);
        } else if (extension instanceof ExtensionSpec.SignatureAlgorithms schemes) {
            writeList(out, 2, replaceGrease(schemes.schemes(), greaseScheme));
        } else if (extension instanceof ExtensionSpec.KeyShares keyShares) {
            writeShares(out, keyShares, shares, retry);
        } else if (extension instanceof ExtensionSpec.PskKeyExchangeModes modes) {
            writeBytes(out, modes.modes());
        } else if (extension instanceof ExtensionSpec.SupportedVersions versions) {
            writeList(out, 1, replaceGrease(versions.versions(), greaseVersion));
        } else if (extension instanceof ExtensionSpec.Cookie && cookie != null) {
            out.vector16(cookie);
        } else if (extension instanceof ExtensionSpec.CompressCertificate compress) {
            writeList(out, 1, compress.algorithms());
        } else if (extension instanceof ExtensionSpec.ApplicationSettings alps) {
            writeNames(out, offered(alps));
        } else if (extension instanceof ExtensionSpec.DelegatedCredentials schemes) {
            writeList(out, 2, schemes.schemes());
        } else if (extension instanceof ExtensionSpec.RecordSizeLimit limit) {
            out.u16(limit.limit());
        } else if (extension instanceof ExtensionSpec.EncryptedClientHelloGrease && echGrease != null) {
            out.raw(echGrease);
        } else if (extension instanceof ExtensionSpec.Opaque opaque) {
            out.raw(opaque.body().toByteArray());
        }
        // The others are empty: extended_master_secret, session_ticket, signed_certificate_timestamp.
        out.close(body, 2);
    }

    /** A browser offers application settings only for the protocols that its ALPN list names. */
    private List<String> offered(ExtensionSpec.ApplicationSettings alps) {
        return alps.protocols().stream().filter(protocols::contains).toList();
    }

    private void writeShares(WireWriter out, ExtensionSpec.KeyShares keyShares, List<Share> shares, boolean retry) {
        int list = out.open(2);
        if (!retry && keyShares.groups().contains(Grease.PLACEHOLDER)) {
            out.u16(greaseGroup).vector16(new byte[] {GREASE_SHARE_BODY});
        }
        for (Share share : shares) {
            out.u16(share.group()).vector16(share.publicKey());
        }
        out.close(list, 2);
    }

    private static void writeList(WireWriter out, int lengthBytes, List<Integer> codePoints) {
        int list = out.open(lengthBytes);
        codePoints.forEach(out::u16);
        out.close(list, lengthBytes);
    }

    private static void writeBytes(WireWriter out, List<Integer> values) {
        int list = out.open(1);
        values.forEach(out::u8);
        out.close(list, 1);
    }

    private static void writeNames(WireWriter out, List<String> names) {
        int list = out.open(2);
        for (String name : names) {
            int entry = out.open(1);
            out.ascii(name);
            out.close(entry, 1);
        }
        out.close(list, 2);
    }

    /**
     * BoringSSL's rule: a message of 256 to 511 bytes grows to 512, since some servers stall on those lengths. A second
     * hello is never padded: whoever asked for it does not stall.
     */
    private static void writePadding(WireWriter out) {
        int unpadded = HANDSHAKE_HEADER + out.size();
        if (unpadded < 0x100 || unpadded >= 0x200) {
            return;
        }
        int padding = Math.max(1, 0x200 - unpadded - 4);
        out.u16(ExtensionSpec.PADDING).vector16(new byte[padding]);
    }

    private static byte[] drawEch(ExtensionSpec.EncryptedClientHelloGrease ech, byte[] decoyKey, Random random) {
        byte[] encapsulated = decoyKey;
        if (decoyKey.length != ech.encapsulatedLength()) {
            encapsulated = new byte[ech.encapsulatedLength()];
            random.nextBytes(encapsulated);
        }
        byte[] payload = new byte[draw(ech.payloadLengths(), random)];
        random.nextBytes(payload);
        return new WireWriter(payload.length + 64)
                .u8(0)
                .u16(ech.kdf())
                .u16(draw(ech.aeads(), random))
                .u8(random.nextInt(256))
                .vector16(encapsulated)
                .vector16(payload)
                .toByteArray();
    }

    private static int draw(List<Integer> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static List<Integer> replaceGrease(List<Integer> codePoints, int drawn) {
        return codePoints.stream()
                .map(codePoint -> codePoint == Grease.PLACEHOLDER ? drawn : codePoint)
                .toList();
    }

    private static List<ExtensionSpec> order(ClientHelloSpec spec, Random random) {
        if (spec.order() == ClientHelloSpec.ExtensionOrder.FIXED) {
            return spec.extensions();
        }
        List<ExtensionSpec> movable = new ArrayList<>(
                spec.extensions().stream().filter(HelloDraw::movable).toList());
        Collections.shuffle(movable, random);
        List<ExtensionSpec> ordered = new ArrayList<>(spec.extensions().size());
        int next = 0;
        for (ExtensionSpec extension : spec.extensions()) {
            ordered.add(movable(extension) ? movable.get(next++) : extension);
        }
        return ordered;
    }

    private static boolean movable(ExtensionSpec extension) {
        return !(extension instanceof ExtensionSpec.GreaseExtension)
                && !(extension instanceof ExtensionSpec.Padding)
                && extension.type() != ExtensionSpec.PRE_SHARED_KEY;
    }

    /** Returns the profile's ALPN names, or HTTP/1.1 alone where only that version is allowed. */
    static List<String> protocols(ClientHelloSpec spec, boolean http1Only) {
        List<String> all = spec.extension(ExtensionSpec.ApplicationProtocols.class)
                .map(ExtensionSpec.ApplicationProtocols::protocols)
                .orElse(List.of());
        return http1Only && !all.isEmpty() ? List.of(HTTP_1_1) : all;
    }
}
