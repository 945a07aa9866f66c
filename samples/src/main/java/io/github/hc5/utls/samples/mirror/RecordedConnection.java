package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.github.hc5.utls.fingerprint.Octets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client put on the wire, up to the moment the record was taken. Immutable. Each list is bounded; what came after
 * its bound is counted in {@code omitted}.
 *
 * @param id the connection's number, from 1 in the order of acceptance
 * @param remoteAddress the client's address and port
 * @param clientHellos the records of the ClientHello, raw, and of the second one after a HelloRetryRequest
 * @param helloRetry whether the server sent a HelloRetryRequest
 * @param records the client's TLS records
 * @param tls what the handshake agreed on, null until it has finished
 * @param fingerprints of the first ClientHello, null while there is none, or if it was malformed
 * @param akamai the Akamai fingerprint of the HTTP/2 connection, null until the first request over HTTP/2
 * @param frames the client's HTTP/2 frames
 * @param http1Heads the heads of HTTP/1.1 requests as they came, one byte to a char
 * @param requests how many requests were received
 * @param failure why the handshake or the connection failed, null if it did not
 * @param omitted how many records, frames and heads came after their list was full
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record RecordedConnection(
        long id,
        String remoteAddress,
        List<Octets> clientHellos,
        boolean helloRetry,
        List<TlsRecord> records,
        @Nullable NegotiatedTls tls,
        @Nullable Fingerprints fingerprints,
        @Nullable String akamai,
        List<RecordedFrame> frames,
        List<String> http1Heads,
        long requests,
        @Nullable String failure,
        long omitted) {

    public RecordedConnection {
        clientHellos = List.copyOf(clientHellos);
        records = List.copyOf(records);
        frames = List.copyOf(frames);
        http1Heads = List.copyOf(http1Heads);
    }
}
