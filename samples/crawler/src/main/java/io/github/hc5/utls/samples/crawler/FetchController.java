package io.github.hc5.utls.samples.crawler;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code POST /fetch}. The caller's thread writes each line and waits where the caller does not read: that wait is what
 * holds up its {@link FetchStream}. There are at most as many as {@link CrawlerSettings.Limits#streams}.
 */
@RestController
final class FetchController {

    private final Fetches fetches;
    private final FetchOrderReader reader;
    private final JsonMapper json;

    FetchController(Fetches fetches, CrawlerSettings settings, JsonMapper json) {
        this.fetches = fetches;
        this.reader = new FetchOrderReader(json, settings.limits());
        this.json = json;
    }

    @PostMapping(
            path = "/fetch",
            consumes = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_NDJSON_VALUE})
    void fetch(HttpServletRequest request, HttpServletResponse response) throws IOException, InterruptedException {
        MediaType type = MediaType.parseMediaType(request.getContentType());
        FetchOrder order = reader.read(request.getInputStream(), MediaType.APPLICATION_NDJSON.isCompatibleWith(type));
        try (Fetches.Open open = fetches.open(order)) {
            response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
            // proxies would keep lines back otherwise
            response.setHeader("X-Accel-Buffering", "no");
            OutputStream out = response.getOutputStream();
            out.flush();
            for (FetchResult line = open.stream.next(); line != null; line = open.stream.next()) {
                out.write(json.writeValueAsBytes(line));
                out.write('\n');
                if (!open.stream.hasReady()) {
                    out.flush();
                }
            }
            // the end is on its way before the service learns that the request is answered, and ends
            out.close();
        }
    }
}
