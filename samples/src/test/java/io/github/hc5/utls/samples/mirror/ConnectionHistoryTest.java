package io.github.hc5.utls.samples.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConnectionHistoryTest {

    private final AtomicLong nanos = new AtomicLong();

    private ConnectionRecorder recorder(long id) {
        return new ConnectionRecorder(id, "127.0.0.1:" + id, nanos::get);
    }

    @Test
    void keepsTheNewest() {
        ConnectionHistory history = new ConnectionHistory(3);
        for (int id = 1; id <= 5; id++) {
            history.add(recorder(id));
        }
        assertThat(history.snapshot()).extracting(RecordedConnection::id).containsExactly(3L, 4L, 5L);
    }

    @Test
    void aSnapshotDoesNotChange() {
        ConnectionHistory history = new ConnectionHistory(1);
        ConnectionRecorder recorder = recorder(1);
        history.add(recorder);
        RecordedConnection before = history.snapshot().get(0);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(70));
        recorder.record(22, 500);
        assertThat(before.records()).isEmpty();
        assertThat(history.snapshot().get(0).records()).containsExactly(new TlsRecord(22, 500, 70));
    }

    @Test
    void aRecordIsBounded() {
        ConnectionRecorder recorder = recorder(1);
        for (int i = 0; i < 2 * ConnectionRecorder.MAX_RECORDS; i++) {
            recorder.record(23, 1);
        }
        String head = "x".repeat(1000);
        boolean accepted = true;
        for (int i = 0; i < 1000; i++) {
            accepted = recorder.http1Head(head);
        }
        assertThat(accepted).isFalse();
        RecordedConnection connection = recorder.snapshot();
        assertThat(connection.records()).hasSize(ConnectionRecorder.MAX_RECORDS);
        assertThat(connection.http1Heads()).hasSizeBetween(100, ConnectionRecorder.MAX_BYTES / head.length());
        assertThat(connection.omitted())
                .isEqualTo(ConnectionRecorder.MAX_RECORDS
                        + 1000
                        - connection.http1Heads().size());
    }

    @Test
    void theFirstReasonOfAFailureStays() {
        ConnectionRecorder recorder = recorder(1);
        recorder.failed("first");
        recorder.failed("second");
        assertThat(recorder.snapshot().failure()).isEqualTo("first");
    }

    @Test
    void aMalformedHelloHasNoFingerprints() {
        ConnectionRecorder recorder = recorder(1);
        recorder.clientHello(new byte[] {22, 3, 1, 0, 4, 1, 0, 0, 0});
        assertThat(recorder.snapshot().clientHellos()).hasSize(1);
        assertThat(recorder.snapshot().fingerprints()).isNull();
    }
}
