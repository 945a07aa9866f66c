package io.github.hc5.utls.it.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.pool.HotConnectionManager;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flight recording of a pool that all that is recorded happens to. */
class FlightRecorderTest {

    private static final List<String> NAMES =
            List.of("utls.LeaseWait", "utls.Connect", "utls.Handshake", "utls.Ban", "utls.Eject", "utls.Retire");

    private final Map<String, RecordedEvent> first = new ConcurrentHashMap<>();

    @TempDir
    Path folder;

    private final CountDownLatch all = new CountDownLatch(NAMES.size());

    private void take(RecordedEvent event) {
        boolean failedConnect =
                event.getEventType().getName().equals("utls.Connect") && event.getString("error") != null;
        if (!failedConnect && first.putIfAbsent(event.getEventType().getName(), event) == null) {
            all.countDown();
        }
    }

    @Test
    void hasEachEvent() throws Exception {
        try (RecordingStream recording = new RecordingStream();
                Recording file = new Recording();
                LiveHost host = new LiveHost(HttpVersionPolicy.FORCE_HTTP_1, 4)) {
            InetAddress dead = host.addDeadAddress();
            try (HotConnectionManager manager =
                            host.manager().setMaxConnPerRoute(5).build();
                    CloseableHttpAsyncClient client = LiveHost.client(manager)) {
                NAMES.forEach(name -> recording.onEvent(name, this::take));
                recording.setReuse(false);
                recording.startAsync();
                NAMES.forEach(file::enable);
                file.start();
                // more requests than connections: some wait; the dead address is dialled and ejected
                List<Future<?>> waiting = Stream.<Future<?>>generate(() -> host.send(client))
                        .limit(20)
                        .toList();
                for (Future<?> answer : waiting) {
                    answer.get(30, TimeUnit.SECONDS);
                }
                String used = host.send(client).get(30, TimeUnit.SECONDS).getBodyText();
                host.answer(InetAddress.getByName(used), 403);
                int status = 0;
                for (int i = 0; i < 100 && status != 403; i++) {
                    status = host.get(client);
                }
                assertThat(status).isEqualTo(403);
                manager.addresses().ban(host.address(1), Duration.ofMinutes(1));
                manager.retireIdle();

                assertThat(all.await(30, TimeUnit.SECONDS))
                        .as("seen: %s", first.keySet())
                        .isTrue();
            }
            // what a stream shows of an event may lack texts that the recorder keeps apart and has yet to write
            file.stop();
            Path dump = folder.resolve("events.jfr");
            file.dump(dump);
            first.clear();
            RecordingFile.readAllEvents(dump).stream()
                    .sorted(Comparator.comparing(RecordedEvent::getStartTime))
                    .forEach(this::take);

            RecordedEvent handshake = Objects.requireNonNull(first.get("utls.Handshake"));
            assertThat(handshake.getString("host")).isEqualTo(host.host());
            assertThat(handshake.getString("profile")).isEqualTo(LiveHost.PROFILE);
            assertThat(handshake.getString("protocol")).isEqualTo("http/1.1");
            assertThat(handshake.getDuration("took")).isPositive();
            assertThat(handshake.getBoolean("resumed")).isFalse();
            RecordedEvent connect = Objects.requireNonNull(first.get("utls.Connect"));
            assertThat(connect.getString("connection")).startsWith("hc-");
            assertThat(connect.getString("address")).startsWith("127.0.7.");
            assertThat(connect.getString("profile")).isEqualTo(LiveHost.PROFILE);
            assertThat(connect.getDuration("took")).isPositive();
            RecordedEvent wait = Objects.requireNonNull(first.get("utls.LeaseWait"));
            assertThat(wait.getString("host")).isEqualTo(host.host());
            assertThat(wait.getString("error")).isNull();
            RecordedEvent eject = Objects.requireNonNull(first.get("utls.Eject"));
            assertThat(eject.getString("address")).isEqualTo(dead.getHostAddress());
            assertThat(eject.getString("outcome")).isEqualTo("refused");
            RecordedEvent retire = Objects.requireNonNull(first.get("utls.Retire"));
            assertThat(retire.getString("reason")).isIn("address_out", "requested");
            RecordedEvent ban = Objects.requireNonNull(first.get("utls.Ban"));
            // the safeguards may have spared it, and the user's ban is the first
            assertThat(ban.getString("host")).isIn(host.host(), "*");
            assertThat(ban.getString("address")).startsWith("127.0.7.");
        }
    }
}
