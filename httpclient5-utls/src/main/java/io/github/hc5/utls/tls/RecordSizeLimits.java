package io.github.hc5.utls.tls;

import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;

/** The record_size_limit extension (RFC 8449): how much plaintext the peer wants in one record. */
final class RecordSizeLimits {

    private static final int SMALLEST = 64;

    private RecordSizeLimits() {}

    /**
     * Returns the server's limit in bytes.
     *
     * @throws TlsFatalAlert if the body is malformed or the limit is below 64, as section 4 of the RFC demands
     */
    static int parse(byte[] body) throws TlsFatalAlert {
        WireReader in = new WireReader("record_size_limit", body);
        int limit = in.u16();
        in.requireEnd();
        if (limit < SMALLEST) {
            throw new TlsFatalAlert(
                    AlertDescription.illegal_parameter, "record_size_limit of " + limit + ", at least 64 is allowed");
        }
        return limit;
    }
}
