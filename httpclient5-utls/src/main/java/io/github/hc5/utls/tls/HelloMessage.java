package io.github.hc5.utls.tls;

import java.io.IOException;
import java.io.OutputStream;
import org.bouncycastle.tls.ClientHello;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsUtils;

/** BC's view of a hello, which goes out as the browser's bytes. The transcript hashes what was encoded. */
final class HelloMessage extends ClientHello {

    private final byte[] body;

    /**
     * @param planned the hello that BC would have sent
     * @param body the bytes to send in its place
     */
    HelloMessage(ClientHello planned, byte[] body) {
        super(
                planned.getVersion(),
                planned.getRandom(),
                planned.getSessionID(),
                TlsUtils.EMPTY_BYTES,
                planned.getCipherSuites(),
                planned.getExtensions(),
                planned.getBindersSize());
        this.body = body;
    }

    @Override
    public void encode(TlsContext context, OutputStream output) throws IOException {
        output.write(body);
    }
}
