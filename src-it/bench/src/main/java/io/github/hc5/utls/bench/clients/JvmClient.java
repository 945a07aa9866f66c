package io.github.hc5.utls.bench.clients;

/** The clients of the JVM that are compared. */
public enum JvmClient {
    HOT("httpclient5-utls, chrome-156") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return HotLoadClient.create(options);
        }
    },
    STOCK("HttpClient 5") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return StockLoadClient.create(options, false);
        }
    },
    STOCK_MULTIPLEXED("HttpClient 5, multiplexing") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return StockLoadClient.create(options, true);
        }
    },
    JDK("java.net.http") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return new JdkLoadClient(options);
        }
    },
    OKHTTP("OkHttp 5") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return new OkHttpLoadClient(options);
        }
    },
    JETTY("Jetty 12") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return new JettyLoadClient(options);
        }
    },
    REACTOR_NETTY("reactor-netty, BoringSSL") {
        @Override
        public LoadClient create(ClientOptions options) throws Exception {
            return new ReactorNettyLoadClient(options);
        }
    };

    private final String title;

    JvmClient(String title) {
        this.title = title;
    }

    /** Returns the name under which a report lists it. */
    public String title() {
        return title;
    }

    /** Sets a client up; nothing is connected before its first request. */
    public abstract LoadClient create(ClientOptions options) throws Exception;
}
