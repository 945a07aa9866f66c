package io.github.hc5.utls.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * An HTTP/2 server on loopback that does what a test says, frame by frame, without TLS. Each connection runs the script
 * on a thread of its own; {@link #close} fails the test if a script failed.
 */
final class H2Peer implements AutoCloseable {

    interface Script {
        void run(Connection connection) throws Exception;
    }

    @SuppressWarnings("ArrayRecordComponent") // frames are not compared
    record Frame(int type, int flags, int streamId, byte[] payload) {

        int int32(int at) {
            return ByteBuffer.wrap(payload).getInt(at);
        }

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        @Override
        public String toString() {
            return "type " + type + " flags " + flags + " stream " + streamId + " length " + payload.length;
        }
    }

    private final ServerSocket listener;
    private final Script script;
    private final List<CompletableFuture<Void>> runs = new CopyOnWriteArrayList<>();
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private H2Peer(ServerSocket listener, Script script) {
        this.listener = listener;
        this.script = script;
    }

    static H2Peer start(Script script) throws IOException {
        H2Peer peer = new H2Peer(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()), script);
        thread(peer::accept);
        return peer;
    }

    /** Serves on a socket of the test's making, with TLS for example. */
    static H2Peer start(ServerSocket listener, Script script) {
        H2Peer peer = new H2Peer(listener, script);
        thread(peer::accept);
        return peer;
    }

    int port() {
        return listener.getLocalPort();
    }

    InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), port());
    }

    /** Waits until all scripts have run to their end. */
    void await() throws Exception {
        for (CompletableFuture<Void> run : runs) {
            run.get(20, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Connection connection : connections) {
            connection.socket.close();
        }
        for (CompletableFuture<Void> run : runs) {
            if (run.isCompletedExceptionally()) {
                run.join();
            }
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                CompletableFuture<Void> run = new CompletableFuture<>();
                Connection connection = new Connection(socket);
                connections.add(connection);
                runs.add(run);
                thread(() -> {
                    try (socket) {
                        script.run(connection);
                        run.complete(null);
                    } catch (Throwable ex) {
                        if (listener.isClosed()) {
                            run.complete(null);
                        } else {
                            run.completeExceptionally(ex);
                        }
                    }
                });
            } catch (IOException ex) {
                return;
            }
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "h2-peer");
        thread.setDaemon(true);
        thread.start();
    }

    /** One connection, seen from the server. Used by the script's thread. */
    static final class Connection {

        final Socket socket;
        private final DataInputStream in;
        private final Deque<Frame> unread = new ArrayDeque<>();
        private final OutputStream out;
        private final HPackEncoder encoder = new HPackEncoder(4096, (CharsetEncoder) null);
        private final HeaderBlockDecoder decoder = new HeaderBlockDecoder(1 << 16, 1 << 24);
        private final ByteArrayOutputStream raw = new ByteArrayOutputStream();

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(15_000);
            socket.setTcpNoDelay(true);
            this.in = new DataInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
        }

        /** Returns all bytes read so far, preface included. */
        byte[] raw() {
            return raw.toByteArray();
        }

        /** Reads the preface and the SETTINGS, and answers with SETTINGS of the given ids and values. */
        Frame handshake(int... settings) throws IOException {
            Frame first = preface();
            settings(settings);
            return first;
        }

        Frame preface() throws IOException {
            byte[] preface = new byte[24];
            in.readFully(preface);
            raw.writeBytes(preface);
            String text = new String(preface, StandardCharsets.US_ASCII);
            if (!text.equals("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
                throw new IOException("no preface: " + text);
            }
            return read();
        }

        Frame read() throws IOException {
            Frame kept = unread.poll();
            return kept != null ? kept : readNext();
        }

        private Frame readNext() throws IOException {
            byte[] head = new byte[9];
            in.readFully(head);
            raw.writeBytes(head);
            ByteBuffer fields = ByteBuffer.wrap(head);
            byte[] payload = new byte[fields.getInt(0) >>> 8];
            in.readFully(payload);
            raw.writeBytes(payload);
            return new Frame(head[3] & 0xFF, head[4] & 0xFF, fields.getInt(5), payload);
        }

        boolean hasInput() throws IOException {
            return !unread.isEmpty() || in.available() >= H2Frames.HEADER_LENGTH;
        }

        /** Reads on to the next frame of a type that is no acknowledgement of SETTINGS. */
        Frame read(int type) throws IOException {
            Frame frame = read();
            while (frame.type() != type || (type == H2Frames.SETTINGS && frame.has(H2Frames.ACK))) {
                frame = read();
            }
            return frame;
        }

        /** Reads until the client closes; returns the frames. */
        List<Frame> readToEnd() throws IOException {
            List<Frame> frames = new ArrayList<>();
            try {
                while (true) {
                    frames.add(read());
                }
            } catch (EOFException ex) {
                return frames;
            }
        }

        void send(int type, int flags, int streamId, byte... payload) throws IOException {
            ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
            frame.putInt(payload.length << 8 | type)
                    .put((byte) flags)
                    .putInt(streamId)
                    .put(payload);
            out.write(frame.array());
            out.flush();
        }

        void sendRaw(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        void settings(int... settings) throws IOException {
            ByteBuffer payload = ByteBuffer.allocate(settings.length * 3);
            for (int i = 0; i < settings.length; i += 2) {
                payload.putShort((short) settings[i]).putInt(settings[i + 1]);
            }
            send(H2Frames.SETTINGS, 0, 0, payload.array());
        }

        void int32(int type, int streamId, int value) throws IOException {
            send(type, 0, streamId, ByteBuffer.allocate(4).putInt(value).array());
        }

        void reset(int streamId, H2Error error) throws IOException {
            int32(H2Frames.RST_STREAM, streamId, error.getCode());
        }

        void goAway(int last, H2Error error) throws IOException {
            send(
                    H2Frames.GOAWAY,
                    0,
                    0,
                    ByteBuffer.allocate(8).putInt(last).putInt(error.getCode()).array());
        }

        /**
         * Sends PING and waits until it is answered: the client has then dealt with all that was sent before. Returns the
         * frames that came before the answer, which are still to be read.
         */
        List<Frame> ping() throws IOException {
            send(H2Frames.PING, 0, 0, new byte[8]);
            Frame frame = readNext();
            while (frame.type() != H2Frames.PING) {
                unread.add(frame);
                frame = readNext();
            }
            return List.copyOf(unread);
        }

        byte[] block(String... namesAndValues) throws Exception {
            List<Header> fields = new ArrayList<>();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                fields.add(new BasicHeader(namesAndValues[i], namesAndValues[i + 1]));
            }
            ByteArrayBuffer block = new ByteArrayBuffer(256);
            encoder.encodeHeaders(block, fields, true);
            return block.toByteArray();
        }

        void headers(int streamId, boolean end, String... namesAndValues) throws Exception {
            int flags = H2Frames.END_HEADERS | (end ? H2Frames.END_STREAM : 0);
            send(H2Frames.HEADERS, flags, streamId, block(namesAndValues));
        }

        void respond(int streamId, String body) throws Exception {
            headers(streamId, false, ":status", "200");
            send(H2Frames.DATA, H2Frames.END_STREAM, streamId, body.getBytes(StandardCharsets.US_ASCII));
        }

        /** Decodes the block of HEADERS; each must be decoded, in order. */
        List<Header> decode(Frame headers) throws IOException {
            ByteBuffer block = ByteBuffer.wrap(headers.payload());
            if (headers.has(H2Frames.HAS_PRIORITY)) {
                block.position(5);
            }
            List<Header> fields = decoder.decode(block);
            if (fields == null) {
                throw new IOException("too many headers");
            }
            return fields;
        }

        /** Reads the next request's HEADERS, which must end the stream or not; returns its stream. */
        int request() throws IOException {
            Frame headers = read(H2Frames.HEADERS);
            decode(headers);
            return headers.streamId();
        }
    }
}
