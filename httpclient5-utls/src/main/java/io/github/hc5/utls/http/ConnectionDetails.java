package io.github.hc5.utls.http;

import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.impl.BasicEndpointDetails;
import org.apache.hc.core5.http.impl.BasicHttpConnectionMetrics;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.reactor.ProtocolIOSession;
import org.apache.hc.core5.reactor.ssl.TlsDetails;
import org.jspecify.annotations.Nullable;

/** What the context of each exchange says about its connection. Used by the I/O thread alone. */
final class ConnectionDetails {

    private final ProtocolIOSession session;
    private final BasicHttpTransportMetrics input = new BasicHttpTransportMetrics();
    private final BasicHttpTransportMetrics output = new BasicHttpTransportMetrics();
    private final BasicHttpConnectionMetrics metrics = new BasicHttpConnectionMetrics(input, output);
    private @Nullable EndpointDetails endpoint;

    ConnectionDetails(ProtocolIOSession session) {
        this.session = session;
    }

    void received(int bytes) {
        input.incrementBytesTransferred(bytes);
    }

    void sent(int bytes) {
        output.incrementBytesTransferred(bytes);
    }

    void fill(HttpCoreContext context) {
        TlsDetails tls = session.getTlsDetails();
        context.setSSLSession(tls == null ? null : tls.getSSLSession());
        context.setEndpointDetails(endpoint());
        metrics.incrementRequestCount();
    }

    EndpointDetails endpoint() {
        EndpointDetails known = endpoint;
        if (known == null) {
            known = new BasicEndpointDetails(
                    session.getRemoteAddress(), session.getLocalAddress(), metrics, session.getSocketTimeout());
            endpoint = known;
        }
        return known;
    }
}
