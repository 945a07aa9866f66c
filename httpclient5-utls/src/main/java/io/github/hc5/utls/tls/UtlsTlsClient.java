package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import io.github.hc5.utls.fingerprint.Grease;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AbstractTlsClient;
import org.bouncycastle.tls.ProtocolName;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.ServerName;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsExtensionsUtils;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * What BC needs to know of the hello that the browser's bytes say: versions, suites, groups, signature schemes. GREASE is
 * left out, since BC would take it for a choice; every extension type that the hello carries is a key of the table, since
 * BC refuses a server's reply to anything else.
 */
@SuppressWarnings({"JdkObsolete", "rawtypes", "unchecked"}) // BC's API is of Hashtable and Vector
final class UtlsTlsClient extends AbstractTlsClient {

    private static final byte[] EMPTY = new byte[0];
    private static final int MAX_CHAIN = 20;
    private static final int MAX_HANDSHAKE_MESSAGE = CertificateDecompressor.MAX_LENGTH + 1024;

    private final ClientHelloSpec spec;
    private final HelloDraw draw;
    private final @Nullable String serverName;
    private final TlsAuthentication authentication;
    private boolean established;
    private int recordSizeLimit = Integer.MAX_VALUE;

    UtlsTlsClient(
            TlsCrypto crypto,
            ClientHelloSpec spec,
            HelloDraw draw,
            @Nullable String serverName,
            TlsAuthentication authentication) {
        super(crypto);
        this.spec = spec;
        this.draw = draw;
        this.serverName = serverName;
        this.authentication = authentication;
    }

    /** Returns whether the handshake has ended well. */
    boolean established() {
        return established;
    }

    /** Returns the most plaintext bytes that a TLS 1.2 server wants in a record (RFC 8449). */
    int recordSizeLimit() {
        return recordSizeLimit;
    }

    @Override
    public ProtocolVersion[] getProtocolVersions() {
        List<Integer> offered = spec.extension(ExtensionSpec.SupportedVersions.class)
                .map(ExtensionSpec.SupportedVersions::versions)
                .orElse(List.of(0x0303));
        return withoutGrease(offered).stream()
                .map(version -> ProtocolVersion.get(version >>> 8, version & 0xFF))
                .toArray(ProtocolVersion[]::new);
    }

    @Override
    protected ProtocolVersion[] getSupportedVersions() {
        return getProtocolVersions();
    }

    @Override
    public int[] getCipherSuites() {
        return withoutGrease(spec.cipherSuites()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    protected int[] getSupportedCipherSuites() {
        return getCipherSuites();
    }

    @Override
    public Hashtable getClientExtensions() throws IOException {
        Hashtable<Integer, byte[]> table = new Hashtable<>();
        for (ExtensionSpec extension : spec.extensions()) {
            if (extension instanceof ExtensionSpec.ServerName && serverName != null) {
                TlsExtensionsUtils.addServerNameExtensionClient(table, sniNames(serverName));
            } else if (extension instanceof ExtensionSpec.SupportedGroups groups) {
                TlsExtensionsUtils.addSupportedGroupsExtension(table, new Vector<>(withoutGrease(groups.groups())));
            } else if (extension instanceof ExtensionSpec.SignatureAlgorithms schemes) {
                addSignatureAlgorithms(table, withoutGrease(schemes.schemes()));
            } else if (extension instanceof ExtensionSpec.ApplicationProtocols) {
                if (!draw.protocols().isEmpty()) {
                    table.put(ExtensionSpec.ALPN, EMPTY);
                }
            } else if (extension instanceof ExtensionSpec.RenegotiationInfo) {
                table.put(ExtensionSpec.RENEGOTIATION_INFO, new byte[1]);
            } else if (extension instanceof ExtensionSpec.Opaque opaque) {
                // BC reads some of these itself, when a server answers or before.
                table.put(opaque.type(), opaque.body().toByteArray());
            } else if (!addedByBc(extension)) {
                table.put(extension.type(), EMPTY);
            }
        }
        return table;
    }

    /** BC writes these into the table itself, or must not see them. */
    private static boolean addedByBc(ExtensionSpec extension) {
        return extension instanceof ExtensionSpec.PskKeyExchangeModes
                || extension instanceof ExtensionSpec.KeyShares
                || extension instanceof ExtensionSpec.SupportedVersions
                || extension instanceof ExtensionSpec.Cookie
                || extension instanceof ExtensionSpec.GreaseExtension
                || extension instanceof ExtensionSpec.ServerName;
    }

    private static Vector<ServerName> sniNames(String name) {
        Vector<ServerName> names = new Vector<>();
        names.add(new ServerName((short) 0, name.getBytes(StandardCharsets.US_ASCII)));
        return names;
    }

    private static void addSignatureAlgorithms(Hashtable table, List<Integer> schemes) throws IOException {
        Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
        for (int scheme : schemes) {
            algorithms.add(SignatureScheme.getSignatureAndHashAlgorithm(scheme));
        }
        TlsExtensionsUtils.addSignatureAlgorithmsExtension(table, algorithms);
    }

    @Override
    public boolean shouldUseExtendedMasterSecret() {
        return spec.extension(ExtensionSpec.ExtendedMasterSecret.class).isPresent();
    }

    @Override
    public boolean shouldUseCompatibilityMode() {
        return spec.sessionIdLength() > 0;
    }

    @Override
    public @Nullable Vector getEarlyKeyShareGroups() {
        // The protocol puts in the shares of the pool itself.
        return null;
    }

    @Override
    public int getMaxCertificateChainLength() {
        return MAX_CHAIN;
    }

    @Override
    public int getMaxHandshakeMessageSize() {
        return MAX_HANDSHAKE_MESSAGE;
    }

    @Override
    public void notifySecureRenegotiation(boolean secureRenegotiation) {
        // As browsers do, accept a TLS 1.2 server without RFC 5746: renegotiation is refused in any case.
    }

    @Override
    public void processServerExtensions(Hashtable serverExtensions) throws IOException {
        super.processServerExtensions(serverExtensions);
        if (serverExtensions != null) {
            ProtocolName chosen = TlsExtensionsUtils.getALPNExtensionServer(serverExtensions);
            ServerMessages.check(serverExtensions, draw.protocols(), chosen == null ? null : chosen.getUtf8Decoding());
            byte[] limit = (byte[]) serverExtensions.get(ExtensionSpec.RECORD_SIZE_LIMIT);
            if (limit != null) {
                recordSizeLimit = RecordSizeLimits.parse(limit);
            }
        }
    }

    @Override
    public TlsAuthentication getAuthentication() {
        return authentication;
    }

    @Override
    public void notifyHandshakeComplete() throws IOException {
        super.notifyHandshakeComplete();
        established = true;
    }

    private static List<Integer> withoutGrease(List<Integer> codePoints) {
        return codePoints.stream()
                .filter(codePoint -> codePoint != Grease.PLACEHOLDER)
                .toList();
    }
}
