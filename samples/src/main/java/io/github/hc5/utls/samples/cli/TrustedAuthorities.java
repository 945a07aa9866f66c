package io.github.hc5.utls.samples.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;

/** The certificate authorities that a run trusts instead of the JDK's: those of {@code --ca}. */
final class TrustedAuthorities {

    private TrustedAuthorities() {}

    /**
     * Reads X.509 certificates, as PEM (any number) or DER (one).
     *
     * @throws CliException if the file cannot be read or holds no certificate
     */
    static KeyStore read(Path file) {
        Collection<? extends Certificate> certificates;
        try {
            byte[] content = Files.readAllBytes(file);
            certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(content));
        } catch (NoSuchFileException e) {
            throw CliException.usage("--ca: " + file + " does not exist", e);
        } catch (IOException e) {
            throw CliException.usage("--ca: cannot read " + file + ": " + OneLine.of(e), e);
        } catch (CertificateException e) {
            throw CliException.usage("--ca: " + file + " holds no X.509 certificate in PEM or DER form", e);
        }
        if (certificates.isEmpty()) {
            throw CliException.usage("--ca: " + file + " holds no X.509 certificate in PEM or DER form");
        }
        return of(certificates);
    }

    /** Returns a store that holds these certificates and nothing else. */
    static KeyStore of(Collection<? extends Certificate> certificates) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("ca-" + number++, certificate);
            }
            return store;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new IllegalStateException("an empty store in memory takes any certificate", impossible);
        }
    }
}
