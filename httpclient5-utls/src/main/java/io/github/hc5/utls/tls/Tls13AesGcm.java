package io.github.hc5.utls.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsCryptoUtils;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.bouncycastle.tls.crypto.TlsEncodeResult;
import org.bouncycastle.tls.crypto.TlsSecret;

/**
 * Record protection of TLS 1.3 with AES-GCM (RFC 8446 section 5.2) that writes straight into the engine's buffers. BC's
 * own makes a fresh array for each record written, which in bulk costs more than the copy itself. For a client; for use
 * by one thread at a time in each direction.
 */
final class Tls13AesGcm implements TlsCipher {

    private static final int TAG_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TYPE_BYTES = 1;
    private static final byte[] EMPTY = {};

    private final TlsCryptoParameters parameters;
    private final int keyBytes;
    private final RecordTargets targets;
    private final Direction reading = new Direction(JdkAesGcm.forDecryption());
    private final Direction writing = new Direction(JdkAesGcm.forEncryption());

    Tls13AesGcm(TlsCryptoParameters parameters, int keyBytes, RecordTargets targets) throws IOException {
        this.parameters = parameters;
        this.keyBytes = keyBytes;
        this.targets = targets;
        SecurityParameters handshake = parameters.getSecurityParametersHandshake();
        reading.rekey(handshake, handshake.getTrafficSecretServer());
        writing.rekey(handshake, handshake.getTrafficSecretClient());
    }

    @Override
    public int getCiphertextDecodeLimit(int plaintextLimit) {
        return plaintextLimit + TYPE_BYTES + TAG_BYTES;
    }

    @Override
    public int getCiphertextEncodeLimit(int plaintextLimit) {
        return plaintextLimit + TYPE_BYTES + TAG_BYTES;
    }

    @Override
    public int getPlaintextDecodeLimit(int ciphertextLimit) {
        return ciphertextLimit - TAG_BYTES - TYPE_BYTES;
    }

    @Override
    public int getPlaintextEncodeLimit(int ciphertextLimit) {
        return ciphertextLimit - TAG_BYTES - TYPE_BYTES;
    }

    @Override
    public TlsEncodeResult encodePlaintext(
            long sequence,
            short type,
            ProtocolVersion version,
            int headerBytes,
            byte[] plaintext,
            int offset,
            int length)
            throws IOException {
        int inner = length + TYPE_BYTES;
        int total = headerBytes + inner + TAG_BYTES;
        ByteBuffer target = targets.ciphertextArray(total);
        byte[] record = target == null ? new byte[total] : target.array();
        int start = target == null ? 0 : target.arrayOffset() + target.position();
        int body = start + headerBytes;
        System.arraycopy(plaintext, offset, record, body, length);
        record[body + length] = (byte) type;
        writing.crypt(
                sequence, ContentType.application_data, version, inner + TAG_BYTES, record, body, inner, record, body);
        return new TlsEncodeResult(record, start, total, ContentType.application_data);
    }

    @Override
    public TlsDecodeResult decodeCiphertext(
            long sequence, short type, ProtocolVersion version, byte[] ciphertext, int offset, int length)
            throws IOException {
        int inner = length - TAG_BYTES;
        if (inner < TYPE_BYTES) {
            throw new TlsFatalAlert(AlertDescription.decode_error, "record of " + length + " bytes");
        }
        ByteBuffer target = targets.plaintextArray(inner);
        byte[] plaintext = target == null ? ciphertext : target.array();
        int start = target == null ? offset : target.arrayOffset() + target.position();
        reading.crypt(sequence, type, version, length, ciphertext, offset, length, plaintext, start);
        // The true type stands before the padding of zeros (RFC 8446 section 5.4).
        int end = start + inner;
        do {
            if (--end < start) {
                throw new TlsFatalAlert(AlertDescription.unexpected_message, "record of padding alone");
            }
        } while (plaintext[end] == 0);
        return new TlsDecodeResult(plaintext, start, end - start, (short) (plaintext[end] & 0xFF));
    }

    @Override
    public void rekeyDecoder() throws IOException {
        SecurityParameters connection = parameters.getSecurityParametersConnection();
        reading.rekey(connection, connection.getTrafficSecretServer());
    }

    @Override
    public void rekeyEncoder() throws IOException {
        SecurityParameters connection = parameters.getSecurityParametersConnection();
        writing.rekey(connection, connection.getTrafficSecretClient());
    }

    @Override
    public boolean usesOpaqueRecordTypeDecode() {
        return true;
    }

    @Override
    public boolean usesOpaqueRecordTypeEncode() {
        return true;
    }

    private final class Direction {

        private final JdkAesGcm cipher;
        private final byte[] iv = new byte[NONCE_BYTES];
        private final byte[] nonce = new byte[NONCE_BYTES];
        private final byte[] additionalData = new byte[5];

        Direction(JdkAesGcm cipher) {
            this.cipher = cipher;
        }

        void rekey(SecurityParameters security, TlsSecret secret) throws IOException {
            int hash = security.getPRFCryptoHashAlgorithm();
            byte[] key = TlsCryptoUtils.hkdfExpandLabel(secret, hash, "key", EMPTY, keyBytes)
                    .extract();
            cipher.setKey(key, 0, keyBytes);
            Arrays.fill(key, (byte) 0);
            byte[] fresh = TlsCryptoUtils.hkdfExpandLabel(secret, hash, "iv", EMPTY, NONCE_BYTES)
                    .extract();
            System.arraycopy(fresh, 0, iv, 0, NONCE_BYTES);
        }

        void crypt(
                long sequence,
                short type,
                ProtocolVersion version,
                int recordLength,
                byte[] input,
                int inputOffset,
                int inputLength,
                byte[] output,
                int outputOffset)
                throws IOException {
            System.arraycopy(iv, 0, nonce, 0, NONCE_BYTES);
            for (int i = 0; i < Long.BYTES; i++) {
                nonce[NONCE_BYTES - 1 - i] ^= (byte) (sequence >>> (8 * i));
            }
            additionalData[0] = (byte) type;
            additionalData[1] = (byte) version.getMajorVersion();
            additionalData[2] = (byte) version.getMinorVersion();
            additionalData[3] = (byte) (recordLength >>> 8);
            additionalData[4] = (byte) recordLength;
            cipher.init(nonce, TAG_BYTES);
            cipher.doFinal(additionalData, input, inputOffset, inputLength, output, outputOffset);
        }
    }
}
