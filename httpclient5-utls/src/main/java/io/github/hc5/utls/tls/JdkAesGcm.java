package io.github.hc5.utls.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.jspecify.annotations.Nullable;

/** One direction of AES-GCM by the JDK's cipher, whose intrinsics make it fast. For use by one thread at a time. */
final class JdkAesGcm implements TlsAEADCipherImpl {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int TAG_BYTES = 16;

    private final Cipher cipher;
    private final int mode;
    private @Nullable SecretKey key;

    private JdkAesGcm(int mode) throws IOException {
        this.mode = mode;
        try {
            this.cipher = Cipher.getInstance(TRANSFORMATION);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "no " + TRANSFORMATION + " in this JDK", e);
        }
    }

    static JdkAesGcm forEncryption() throws IOException {
        return new JdkAesGcm(Cipher.ENCRYPT_MODE);
    }

    static JdkAesGcm forDecryption() throws IOException {
        return new JdkAesGcm(Cipher.DECRYPT_MODE);
    }

    @Override
    public void setKey(byte[] bytes, int offset, int length) {
        key = new SecretKeySpec(bytes, offset, length, "AES");
    }

    @Override
    public void init(byte[] nonce, int macSize) throws IOException {
        try {
            cipher.init(mode, key, new GCMParameterSpec(macSize * 8, nonce));
        } catch (InvalidKeyException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "AES-GCM refused the key", e);
        } catch (GeneralSecurityException e) {
            throw new TlsFatalAlert(AlertDescription.internal_error, "AES-GCM refused the nonce", e);
        }
    }

    @Override
    public int getOutputSize(int inputLength) {
        return mode == Cipher.ENCRYPT_MODE ? inputLength + TAG_BYTES : Math.max(0, inputLength - TAG_BYTES);
    }

    @Override
    public int doFinal(
            byte[] additionalData, byte[] input, int inputOffset, int inputLength, byte[] output, int outputOffset)
            throws IOException {
        cipher.updateAAD(additionalData);
        try {
            return cipher.doFinal(input, inputOffset, inputLength, output, outputOffset);
        } catch (GeneralSecurityException e) {
            short alert =
                    mode == Cipher.DECRYPT_MODE ? AlertDescription.bad_record_mac : AlertDescription.internal_error;
            throw new TlsFatalAlert(alert, e);
        }
    }
}
