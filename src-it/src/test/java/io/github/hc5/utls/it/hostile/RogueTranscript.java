package io.github.hc5.utls.it.hostile;

import java.util.Arrays;
import org.bouncycastle.tls.crypto.TlsHash;

/**
 * A hash that takes a server's handshake messages in as they were tampered with. A liar that keeps its own records
 * straight is the one to fear: without this, every lie would be found out by the CertificateVerify or the Finished, and no
 * other check of the client would ever be reached.
 */
final class RogueTranscript implements TlsHash {

    private final TlsHash hash;
    private final Tampering tampering;

    RogueTranscript(TlsHash hash, Tampering tampering) {
        this.hash = hash;
        this.tampering = tampering;
    }

    @Override
    public void update(byte[] input, int offset, int length) {
        byte[] messages = Arrays.copyOfRange(input, offset, offset + length);
        byte[] changed = isWholeMessages(messages) ? changed(messages) : messages;
        hash.update(changed, 0, changed.length);
    }

    private byte[] changed(byte[] messages) {
        byte[] all = new byte[0];
        int at = 0;
        while (at < messages.length) {
            int end = at + Messages.HEADER + bodyLength(messages, at);
            all = Messages.concat(all, tampering.transcript(Arrays.copyOfRange(messages, at, end)));
            at = end;
        }
        return all;
    }

    /** Hashes are taken of other things than transcripts, too. */
    private static boolean isWholeMessages(byte[] bytes) {
        int at = 0;
        while (at + Messages.HEADER <= bytes.length) {
            at += Messages.HEADER + bodyLength(bytes, at);
        }
        return bytes.length > 0 && at == bytes.length;
    }

    private static int bodyLength(byte[] bytes, int at) {
        return (bytes[at + 1] & 0xff) << 16 | Messages.unsigned(bytes, at + 2);
    }

    @Override
    public byte[] calculateHash() {
        return hash.calculateHash();
    }

    @Override
    public TlsHash cloneHash() {
        return new RogueTranscript(hash.cloneHash(), tampering);
    }

    @Override
    public void reset() {
        hash.reset();
    }
}
