package io.github.hc5.utls.it.hostile;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLSocket;

/** A server on an ephemeral port of the loopback interface, whose every connection runs the same script. */
final class LoopbackServer implements AutoCloseable {

    /** What happens on a connection; the socket is closed when it returns. */
    interface Script {
        void run(Socket socket) throws Exception;
    }

    /** What happens above TLS; to end without close_notify, close the raw socket. */
    interface TlsScript {
        void run(SSLSocket tls, Socket raw) throws Exception;
    }

    private final ServerSocket listener;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "loopback-server");
        thread.setDaemon(true);
        return thread;
    });

    LoopbackServer(Script script) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(script));
    }

    /** Returns a server that makes an honest TLS handshake first. */
    static LoopbackServer tls(Credentials credentials, TlsScript script) throws IOException {
        var factory = JssePeer.context(credentials).getSocketFactory();
        return new LoopbackServer(raw -> {
            SSLSocket tls = (SSLSocket) factory.createSocket(raw, null, raw.getPort(), false);
            tls.setUseClientMode(false);
            tls.startHandshake();
            script.run(tls, raw);
        });
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept(Script script) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                threads.execute(() -> serve(script, socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    /** What the client makes of the connection is for the test to judge; the server's view of it does not matter. */
    @SuppressWarnings("CatchAndPrintStackTrace")
    private static void serve(Script script, Socket socket) {
        try (socket) {
            script.run(socket);
        } catch (Exception e) {
            System.getLogger(LoopbackServer.class.getName()).log(System.Logger.Level.DEBUG, "connection ended", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
        threads.shutdownNow();
    }
}
