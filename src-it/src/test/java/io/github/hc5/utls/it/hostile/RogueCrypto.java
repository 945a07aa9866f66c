package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.TlsHash;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts correctly what no server may send: empty fragments, fragments beyond the limit; and computes transcripts of what
 * the server really sent.
 */
final class RogueCrypto extends BcTlsCrypto {

    private final Tampering tampering;
    private byte @Nullable [] replacement;

    RogueCrypto(Tampering tampering) {
        super(new SecureRandom());
        this.tampering = tampering;
    }

    /** Encrypts these bytes in place of the next fragment. */
    void replaceNext(byte[] fragment) {
        replacement = fragment;
    }

    @Override
    public TlsHash createHash(int cryptoHashAlgorithm) {
        return new RogueTranscript(super.createHash(cryptoHashAlgorithm), tampering);
    }

    /** Nonces become the server's random. */
    @Override
    public TlsNonceGenerator createNonceGenerator(byte[] additionalSeed) {
        TlsNonceGenerator generator = super.createNonceGenerator(additionalSeed);
        return size -> {
            byte[] nonce = generator.generateNonce(size);
            byte[] ending = tampering.randomEnding();
            System.arraycopy(ending, 0, nonce, nonce.length - ending.length, ending.length);
            return nonce;
        };
    }

    @Override
    public TlsCipher createCipher(TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
            throws IOException {
        return new Replacing(super.createCipher(parameters, encryptionAlgorithm, macAlgorithm));
    }

    private final class Replacing implements TlsCipher {

        private final TlsCipher cipher;

        Replacing(TlsCipher cipher) {
            this.cipher = cipher;
        }

        @Override
        public TlsEncodeResult encodePlaintext(
                long sequence,
                short contentType,
                ProtocolVersion recordVersion,
                int headerAllocation,
                byte[] plaintext,
                int offset,
                int length)
                throws IOException {
            byte[] replaced = replacement;
            if (replaced == null) {
                return cipher.encodePlaintext(
                        sequence, contentType, recordVersion, headerAllocation, plaintext, offset, length);
            }
            replacement = null;
            return cipher.encodePlaintext(
                    sequence, contentType, recordVersion, headerAllocation, replaced, 0, replaced.length);
        }

        @Override
        public TlsDecodeResult decodeCiphertext(
                long sequence,
                short recordType,
                ProtocolVersion recordVersion,
                byte[] ciphertext,
                int offset,
                int length)
                throws IOException {
            return cipher.decodeCiphertext(sequence, recordType, recordVersion, ciphertext, offset, length);
        }

        @Override
        public int getCiphertextDecodeLimit(int plaintextLimit) {
            return cipher.getCiphertextDecodeLimit(plaintextLimit);
        }

        @Override
        public int getCiphertextEncodeLimit(int plaintextLimit) {
            return cipher.getCiphertextEncodeLimit(plaintextLimit);
        }

        @Override
        public int getPlaintextDecodeLimit(int ciphertextLimit) {
            return cipher.getPlaintextDecodeLimit(ciphertextLimit);
        }

        @Override
        public int getPlaintextEncodeLimit(int ciphertextLimit) {
            return cipher.getPlaintextEncodeLimit(ciphertextLimit);
        }

        @Override
        public void rekeyDecoder() throws IOException {
            cipher.rekeyDecoder();
        }

        @Override
        public void rekeyEncoder() throws IOException {
            cipher.rekeyEncoder();
        }

        @Override
        public boolean usesOpaqueRecordTypeDecode() {
            return cipher.usesOpaqueRecordTypeDecode();
        }

        @Override
        public boolean usesOpaqueRecordTypeEncode() {
            return cipher.usesOpaqueRecordTypeEncode();
        }
    }
}
