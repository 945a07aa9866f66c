package io.github.hc5.utls.it.hostile;

import static io.github.hc5.utls.it.hostile.Messages.concat;
import static io.github.hc5.utls.it.hostile.Messages.extensionBytes;

import java.util.Arrays;
import org.bouncycastle.tls.ContentType;

/** A server that answers every hello with the same HelloRetryRequest, for a while. */
final class RetryingPeer implements Peer {

    private static final int SESSION_ID_LENGTH = 5 + 4 + 2 + 32;

    private final int group;
    private int left;
    private byte[] waiting = new byte[0];

    RetryingPeer(int group, int times) {
        this.group = group;
        this.left = times;
    }

    @Override
    public void receive(byte[] bytes) {
        int start = bytes[0] == ContentType.change_cipher_spec ? 6 : 0;
        boolean hello = bytes.length > start + SESSION_ID_LENGTH && bytes[start] == ContentType.handshake;
        if (hello && left > 0) {
            left--;
            byte[] sessionId = Arrays.copyOfRange(
                    bytes, start + SESSION_ID_LENGTH, start + SESSION_ID_LENGTH + 1 + bytes[start + SESSION_ID_LENGTH]);
            byte[] suiteAndCompression = {0x13, 0x01, 0};
            byte[] serverHello = Messages.message(
                    2, concat(new byte[] {3, 3}, new byte[32], sessionId, suiteAndCompression, new byte[2]));
            byte[] retry = Messages.helloRetryRequest(
                    serverHello, extensionBytes(43, (byte) 3, (byte) 4), extensionBytes(51, (byte) (group >> 8), (byte)
                            group));
            waiting = concat(waiting, Messages.record(ContentType.handshake, 0x0303, retry));
        }
    }

    @Override
    public byte[] transmit() {
        byte[] bytes = waiting;
        waiting = new byte[0];
        return bytes;
    }
}
