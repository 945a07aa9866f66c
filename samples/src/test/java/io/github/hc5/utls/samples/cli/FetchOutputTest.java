package io.github.hc5.utls.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FetchOutputTest {

    private final ByteArrayOutputStream bodies = new ByteArrayOutputStream();
    private final List<String> reported = new ArrayList<>();
    private final List<Long> freed = new ArrayList<>();

    @Test
    void theHeadGoesStraightThrough() throws IOException {
        try (FetchOutput output = output(bodies)) {
            output.body(0, bytes("a"));
            assertThat(written()).isEqualTo("a");
            output.body(0, bytes("b"));
            assertThat(written()).isEqualTo("ab");
            over(output, 0, null);
            assertThat(reported).containsExactly("0");
            assertThat(freed).containsExactly(0L);
        }
    }

    @Test
    void laterBodiesWaitForTheirTurn() throws IOException {
        try (FetchOutput output = output(bodies)) {
            output.body(2, bytes("e"));
            output.body(1, bytes("c"));
            output.body(2, bytes("f"));
            over(output, 2, null);
            output.body(0, bytes("a"));
            assertThat(written()).isEqualTo("a");
            assertThat(reported).isEmpty();
            assertThat(freed).isEmpty();

            over(output, 0, null);
            // Request 1 is the head now: what waited is written, what comes goes straight through.
            assertThat(written()).isEqualTo("ac");
            output.body(1, bytes("d"));
            assertThat(written()).isEqualTo("acd");

            over(output, 1, null);
            assertThat(written()).isEqualTo("acdef");
            assertThat(reported).containsExactly("0", "1", "2");
            assertThat(freed).containsExactly(0L, 1L, 2L);
        }
    }

    @Test
    void aFailureKeepsItsPlaceAndWhatArrivedOfItsBody() throws IOException {
        try (FetchOutput output = output(bodies)) {
            output.body(1, bytes("b"));
            over(output, 1, "reset");
            output.body(2, bytes("c"));
            over(output, 2, null);
            over(output, 0, "refused");
            assertThat(written()).isEqualTo("bc");
            assertThat(reported).containsExactly("0 refused", "1 reset", "2");
        }
    }

    @Test
    void withoutBodiesResultsAreReportedAsTheyCome() throws IOException {
        try (FetchOutput output = output(null)) {
            output.body(0, bytes("a"));
            over(output, 1, null);
            assertThat(reported).containsExactly("1");
            assertThat(freed).containsExactly(1L);
            over(output, 0, null);
            assertThat(reported).containsExactly("1", "0");
        }
    }

    @Test
    void aFailureToWriteIsTheCallers() throws IOException {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        try (FetchOutput output = output(full)) {
            assertThatThrownBy(() -> output.body(0, bytes("a"))).hasMessage("No space left on device");
        }
    }

    private FetchOutput output(@Nullable OutputStream target) {
        return new FetchOutput(
                target, result -> reported.add(result.url() + (result.error() == null ? "" : " " + result.error())));
    }

    private void over(FetchOutput output, long index, @Nullable String error) throws IOException {
        FetchResult result = new FetchResult(
                String.valueOf(index),
                error == null ? 200 : null,
                "h2",
                null,
                null,
                "chrome-156",
                Duration.ZERO,
                Duration.ZERO,
                false,
                false,
                0,
                error,
                null);
        output.over(index, result, () -> freed.add(index));
    }

    private String written() {
        return bodies.toString(StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
