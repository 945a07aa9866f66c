package io.github.hc5.utls.samples.crawler;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code GET /api/live}: server-sent events, first {@code history}, then {@code now} each second. The reader's thread
 * writes; there are at most as many as {@link CrawlerSettings.Limits#dashboards}.
 */
@RestController
final class LiveController {

    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

    private final LiveFeed feed;
    private final int max;
    private final Semaphore room;

    LiveController(LiveFeed feed, CrawlerSettings settings) {
        this.feed = feed;
        this.max = settings.limits().dashboards();
        this.room = new Semaphore(max);
    }

    @GetMapping("/api/live")
    void live(HttpServletResponse response) throws IOException, InterruptedException {
        if (!room.tryAcquire()) {
            throw new ProblemException(
                            HttpStatus.TOO_MANY_REQUESTS,
                            "busy",
                            "Too many dashboards are open",
                            max + " are fed (crawler.limits.dashboards).")
                    .retryAfterSeconds(10);
        }
        try (LiveFeed.Reader reader = feed.open()) {
            response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
            // proxies would keep events back otherwise
            response.setHeader("X-Accel-Buffering", "no");
            OutputStream out = response.getOutputStream();
            event(out, "history", reader.past());
            for (byte[] now = reader.next(); now != null; now = reader.next()) {
                event(out, "now", now);
            }
            out.close();
        } finally {
            room.release();
        }
    }

    /** JSON has no line breaks, so that one data field is enough. */
    private static void event(OutputStream out, String name, byte[] data) throws IOException {
        out.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.US_ASCII));
        out.write(data);
        out.write(END);
        out.flush();
    }
}
