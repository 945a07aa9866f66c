package io.github.hc5.utls.samples.mirror;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Sends one answer: waits for its delay on the event loop, writes the head, then the body in pieces for as long as the
 * channel is writable, so that a slow reader never makes the server hold more than a few pieces. Belongs to the channel's
 * event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the event loop's tasks report their own errors
final class Responder {

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private static final int PIECE = 16 * 1024;

    /** How much is written before others on the event loop have their turn. */
    private static final int TURN = 1 << 20;

    /** A multiple of 256 long, so that every piece of {@link Answer.Pattern} starts with the byte 0. Never written to. */
    private static final byte[] PATTERN = pattern();

    private final ChannelHandlerContext ctx;
    private final ResponseWriter writer;
    private final Answer answer;
    private final boolean bodyAllowed;
    private final Runnable onComplete;
    private long sent;
    private boolean started;
    private boolean pumping;
    private boolean complete;

    /**
     * @param method the request's method: HEAD gets no body
     * @param onComplete run when the last piece has been written
     */
    Responder(ChannelHandlerContext ctx, ResponseWriter writer, Answer answer, String method, Runnable onComplete) {
        this.ctx = ctx;
        this.writer = writer;
        this.answer = answer;
        this.bodyAllowed = !answer.isBodiless() && !method.equals("HEAD");
        this.onComplete = onComplete;
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[PIECE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** Starts the answer, now or after its delay. */
    void start() {
        if (answer.delay().isZero()) {
            begin();
        } else {
            ctx.executor().schedule(this::begin, answer.delay().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Goes on; to be called when the channel has become writable. */
    void resume() {
        // a flush within pump() may report the channel writable again before it returns
        if (started && !complete && !pumping) {
            pump();
        }
    }

    private void begin() {
        if (!ctx.channel().isActive()) {
            return;
        }
        List<List<String>> headers = new ArrayList<>();
        headers.add(List.of("date", HTTP_DATE.format(Instant.now())));
        headers.addAll(answer.headers());
        if (!answer.isBodiless()) {
            headers.add(List.of("content-length", String.valueOf(answer.body().length())));
        }
        boolean last = !bodyAllowed || answer.body().length() == 0;
        writer.head(answer.status(), headers, last);
        started = true;
        if (last) {
            finish();
        } else {
            pump();
        }
    }

    private void pump() {
        pumping = true;
        long length = answer.body().length();
        long endOfTurn = Math.min(length, sent + TURN);
        ctx.flush(); // a large head alone can use up the channel's writability
        while (sent < endOfTurn && ctx.channel().isWritable()) {
            while (sent < endOfTurn && ctx.channel().isWritable()) {
                int piece = (int) Math.min(PIECE, length - sent);
                ByteBuf content = piece(piece);
                sent += piece;
                writer.content(content, sent == length);
            }
            ctx.flush();
        }
        pumping = false;
        if (sent == length) {
            finish();
        } else if (sent >= endOfTurn && ctx.channel().isActive()) {
            ctx.executor().execute(this::resume);
        }
    }

    private ByteBuf piece(int length) {
        return answer.body() instanceof Answer.Bytes body
                ? Unpooled.wrappedBuffer(body.bytes(), (int) sent, length)
                : Unpooled.wrappedBuffer(PATTERN, 0, length);
    }

    private void finish() {
        complete = true;
        ctx.flush();
        onComplete.run();
    }
}
