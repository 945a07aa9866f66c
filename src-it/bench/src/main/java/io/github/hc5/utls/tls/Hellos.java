package io.github.hc5.utls.tls;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.ClientHelloSpec;
import io.github.hc5.utls.fingerprint.ExtensionSpec;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** The ClientHellos of one profile: drawn, and encoded with key shares that were made before. */
public final class Hellos {

    private final ClientHelloSpec spec;
    private final SecureRandom random = new SecureRandom();
    private final KeyShareSet keys;
    private final byte[] nonce = new byte[32];

    public Hellos(BrowserProfile profile) throws IOException {
        spec = profile.hello();
        keys = KeyShareSet.generate(
                spec.extension(ExtensionSpec.KeyShares.class).orElseThrow(), new BcTlsCrypto(random), random);
    }

    /** Returns the body of one hello. */
    public byte[] draw() {
        HelloDraw draw = new HelloDraw(spec, "www.example.com", List.of("h2", "http/1.1"), keys.decoyKey(), random);
        return draw.encode(nonce, nonce, keys.shares(), null, false);
    }

    /** Makes a set of key shares, as the background thread does. */
    public Object keyShares() throws IOException {
        return KeyShareSet.generate(
                spec.extension(ExtensionSpec.KeyShares.class).orElseThrow(), new BcTlsCrypto(random), random);
    }
}
