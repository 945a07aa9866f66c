package io.github.hc5.utls.bench.impersonator;

import com.github.zhkl0228.impersonator.ImpersonatorFactory;
import io.github.hc5.utls.bench.clients.ClientOptions;
import io.github.hc5.utls.bench.clients.LoadClient;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * impersonator: a fork of OkHttp on a fork of BouncyCastle's TLS. As Firefox, since servers on OpenSSL refuse its Chrome: its GREASE
 * key share is of a group that it does not offer.
 */
public final class ImpersonatorLoadClient implements LoadClient {

    private final OkHttpClient client;

    /** Sets the client up. */
    public ImpersonatorLoadClient(ClientOptions options) throws IOException, GeneralSecurityException {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(options.connections());
        dispatcher.setMaxRequestsPerHost(options.connections());
        client = ImpersonatorFactory.macFirefox()
                .newHttpClient(null, new TrustManager[] {new PlainTrust(options)}, null)
                .newBuilder()
                .protocols(options.http1() ? List.of(Protocol.HTTP_1_1) : List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                .connectionPool(new ConnectionPool(options.reuse() ? options.connections() : 0, 5, TimeUnit.MINUTES))
                .dispatcher(dispatcher)
                .build();
    }

    /** Asks the JDK about chains alone: of its fork's sessions, the JDK's own manager would ask what they do not know. */
    private static final class PlainTrust implements X509TrustManager {
        private final X509TrustManager jdk;

        PlainTrust(ClientOptions options) throws IOException, GeneralSecurityException {
            jdk = (X509TrustManager) options.trustManagers().getTrustManagers()[0];
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jdk.checkClientTrusted(chain, type);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            jdk.checkServerTrusted(chain, type);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return jdk.getAcceptedIssuers();
        }
    }

    @Override
    public void get(URI uri, Completion completion) {
        Request request = new Request.Builder().url(uri.toString()).build();
        client.newCall(request).enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                long bytes;
                try (response) {
                    bytes = response.body().bytes().length;
                } catch (IOException e) {
                    completion.failed(e);
                    return;
                }
                completion.completed(response.code(), bytes);
            }

            @Override
            public void onFailure(Call call, IOException cause) {
                completion.failed(cause);
            }
        });
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
