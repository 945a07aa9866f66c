package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.BrowserProfile;
import io.github.hc5.utls.fingerprint.BrowserProfiles;
import io.github.hc5.utls.fingerprint.FingerprintPolicy;
import io.github.hc5.utls.fingerprint.Grease;
import io.github.hc5.utls.fingerprint.Http2Spec;
import io.github.hc5.utls.fingerprint.Http2Spec.PriorityFrame;
import io.github.hc5.utls.fingerprint.Http2Spec.Setting;
import io.github.hc5.utls.http.H2Peer.Frame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.reactor.IOSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first frames of a connection, where the captures of today's browsers do not show all that a profile can say. */
@Timeout(60)
class ConnectionStartTest {

    /** Returns the frames that come before the first HEADERS, and that one. */
    private static List<Frame> start(BrowserProfile profile) throws Exception {
        CompletableFuture<List<Frame>> seen = new CompletableFuture<>();
        try (H2Peer peer = H2Peer.start(connection -> {
            List<Frame> frames = new ArrayList<>();
            frames.add(connection.preface());
            while (frames.get(frames.size() - 1).type() != H2Frames.HEADERS) {
                frames.add(connection.read());
            }
            seen.complete(frames);
            connection.settings();
            connection.respond(frames.get(frames.size() - 1).streamId(), "ok");
            connection.readToEnd();
        })) {
            UtlsEventHandlerFactory factory = UtlsEventHandlerFactory.builder()
                    .setFingerprintPolicy(FingerprintPolicy.fixed(profile))
                    .build();
            try (TestClient client = new TestClient(factory)) {
                IOSession session = client.connect(peer);
                assertThat(client.get(session, "/").body()).isEqualTo("ok");
                return seen.get(10, TimeUnit.SECONDS);
            }
        }
    }

    /** The tree of idle streams, on one of which each request depends. */
    @Test
    void olderFirefoxPlantsItsPriorityTree() throws Exception {
        BrowserProfile firefox = BrowserProfiles.find("firefox-123");
        assertThat(firefox.http2().priorityFrames()).isNotEmpty();
        List<Frame> frames = start(firefox);
        assertThat(frames.stream().map(Frame::type).limit(2))
                .containsExactly(H2Frames.SETTINGS, H2Frames.WINDOW_UPDATE);
        List<PriorityFrame> planted = frames.stream()
                .filter(frame -> frame.type() == H2Frames.PRIORITY)
                .map(frame -> new PriorityFrame(
                        frame.streamId(),
                        frame.int32(0) < 0,
                        frame.int32(0) & 0x7FFFFFFF,
                        (frame.payload()[4] & 0xFF) + 1))
                .toList();
        assertThat(planted).isEqualTo(firefox.http2().priorityFrames());
        Frame headers = frames.get(frames.size() - 1);
        assertThat(headers.streamId()).isEqualTo(firefox.http2().firstStreamId());
        assertThat(headers.has(H2Frames.HAS_PRIORITY)).isTrue();
        assertThat(planted).extracting(PriorityFrame::streamId).contains(headers.int32(0) & 0x7FFFFFFF);
    }

    @Test
    void settingsKeepTheirOrderWhateverTheirIdsAndGreaseIsDrawn() throws Exception {
        BrowserProfile chrome = BrowserProfiles.find("chrome-156");
        Http2Spec http2 = chrome.http2();
        List<Setting> settings = List.of(
                new Setting(6, 262_144),
                new Setting(0x4D44, 7),
                new Setting(1, 65_536),
                new Setting(Grease.PLACEHOLDER, Setting.DRAWN),
                new Setting(2, 0));
        BrowserProfile greased = new BrowserProfile(
                "greased",
                "made for this test",
                chrome.hello(),
                new Http2Spec(
                        settings,
                        http2.connectionWindowIncrement(),
                        http2.priorityFrames(),
                        http2.firstStreamId(),
                        http2.streamWindowIncrement(),
                        http2.startInOneRecord(),
                        http2.pseudoHeaders(),
                        http2.priorities(),
                        http2.hpack(),
                        http2.connectionRefill(),
                        http2.streamRefill()),
                chrome.headers());
        List<Long> drawn = new ArrayList<>();
        for (int connection = 0; connection < 4; connection++) {
            ByteBuffer payload = ByteBuffer.wrap(start(greased).get(0).payload());
            List<Integer> ids = new ArrayList<>();
            List<Long> values = new ArrayList<>();
            while (payload.hasRemaining()) {
                ids.add(payload.getShort() & 0xFFFF);
                values.add(payload.getInt() & 0xFFFF_FFFFL);
            }
            assertThat(Grease.isGrease(ids.get(3))).isTrue();
            drawn.add(values.get(3));
            ids.remove(3);
            values.remove(3);
            assertThat(ids).containsExactly(6, 0x4D44, 1, 2);
            assertThat(values).containsExactly(262_144L, 7L, 65_536L, 0L);
        }
        assertThat(drawn).doesNotHaveDuplicates();
    }
}
