package io.github.hc5.utls.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Workload ONE = Workload.requests(33, 1, 1, 1_000);
    private static final Workload SIXTEEN = Workload.requests(33, 16, 1, 1_000);
    private static final Workload COLD = Workload.handshakes(16, 1_000);

    private final Results results = new Results();

    @TempDir
    private Path directory;

    private void add(Workload workload, String contender, long requests, long errors) {
        String error = errors == 0 ? null : "refused";
        results.add(workload, contender, outcome(requests, errors, error));
    }

    private static Outcome outcome(long requests, long errors, @Nullable String error) {
        return new Outcome(requests, errors, error, 1, 0.5, 0, 0, 10, 20, 30, 0, 0);
    }

    private String page() throws Exception {
        new Report(results, "ours").write(directory, List.of("A preface."));
        return Files.readString(directory.resolve("report.md"));
    }

    @Test
    void givesTheMedianItsRangeAndTheRatioBestFirst() throws Exception {
        for (long requests : new long[] {300, 100, 200}) {
            add(ONE, "ours", requests * 2, 0);
            add(ONE, "other", requests, 0);
        }

        assertThat(page())
                .contains("A preface.")
                .containsSubsequence("| ours | 400 | 200–600 |  |", "| other | 200 | 100–300 | 2.00 × |");
    }

    @Test
    void clientThatFailedRequestsIsShownLastWithItsError() throws Exception {
        add(ONE, "ours", 100, 0);
        add(ONE, "broken", 900, 3);

        assertThat(page())
                .containsSubsequence(
                        "| ours | 100",
                        "| broken | 900",
                        "| 3 |",
                        "broken failed 3 requests (refused) and is not ranked.");
    }

    @Test
    void saysWhatReuseIsWorth() throws Exception {
        add(SIXTEEN, "ours", 9_000, 0);
        add(COLD, "ours", 1_000, 0);

        assertThat(page()).contains("| ours | 9,000 | 1,000 | 9.00 |");
    }

    @Test
    void plotsAreWellFormed() throws Exception {
        add(ONE, "ours", 100, 0);
        add(SIXTEEN, "ours", 900, 0);
        page();

        Path plot = directory.resolve("requests-0.svg");
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(plot.toFile())
                        .getElementsByTagName("polyline")
                        .getLength())
                .isEqualTo(1);
    }

    @Test
    void floorsNameWhatIsBelowThemAndWhatWasNotMeasured() throws Exception {
        add(ONE, "ours", 10, 0);
        add(ONE, "stock", 100, 0);
        Report report = new Report(results, "ours");

        assertThat(Floors.load().violations(report, List.of(ONE), "stock"))
                .anySatisfy(line -> assertThat(line).startsWith("33 B, 1 in flight: 0.10 × the stock client"))
                .anySatisfy(line -> assertThat(line).startsWith("33 B, 16 in flight: not measured"));
    }
}
