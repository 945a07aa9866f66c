package io.github.hc5.utls.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.hc5.utls.fingerprint.Http2Spec.WindowRefill;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.apache.hc.core5.http.nio.AsyncClientExchangeHandler;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

class StreamTableTest {

    // never called: the table knows ids and weights only
    private static final H2Session SESSION = Mockito.mock(H2Session.class);
    private static final AsyncClientExchangeHandler HANDLER = Mockito.mock(AsyncClientExchangeHandler.class);

    private static final int[] WEIGHTS = {0, 256, 220, 183, 147, 42, 12, 1, 22};

    /** Against a list that is searched: any order of opening and ending, with streams that outlive thousands of others. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void agreesWithAPlainList(long seed) {
        Random random = new Random(seed);
        StreamTable table = new StreamTable();
        List<H2Stream> open = new ArrayList<>();
        int nextId = 1;
        for (int step = 0; step < 20_000; step++) {
            if (open.isEmpty() || (open.size() < 300 && random.nextInt(100) < 52)) {
                H2Stream stream = stream(nextId, WEIGHTS[random.nextInt(WEIGHTS.length)]);
                nextId += 2;
                table.put(stream);
                open.add(stream);
            } else {
                int index = random.nextInt(10) == 0 ? 0 : random.nextInt(open.size());
                table.remove(open.remove(index).id());
            }
            int id = 1 + 2 * random.nextInt((nextId + 1) / 2);
            table.remove(id % 7 == 0 ? nextId + 2 : nextId);
            H2Stream expected = open.stream()
                    .filter(stream -> stream.id() == id)
                    .findFirst()
                    .orElse(null);
            assertThat(table.get(id)).isSameAs(expected);
            assertThat(table.size()).isEqualTo(open.size());
            int weight = 1 + random.nextInt(256);
            assertThat(table.lightestFrom(weight)).isEqualTo(lightestFrom(weight, open));
        }
        assertThat(new HashSet<>(table.all())).isEqualTo(new HashSet<>(open));
    }

    private static int lightestFrom(int weight, List<H2Stream> open) {
        return open.stream()
                .filter(stream -> stream.weight() >= weight)
                .min(Comparator.comparingInt(H2Stream::weight)
                        .thenComparing(Comparator.comparingInt(H2Stream::id).reversed()))
                .map(H2Stream::id)
                .orElse(0);
    }

    private static H2Stream stream(int id, int weight) {
        H2Stream stream = new H2Stream(SESSION, HANDLER, HttpCoreContext.create());
        stream.opened(id, 1, new ReceiveWindow(new WindowRefill(1, 0), 1, () -> 0), weight);
        return stream;
    }
}
