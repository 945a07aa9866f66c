package io.github.hc5.utls.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;

/**
 * The regression guard: how many times better than the stock client ours must at least be, workload by workload. The
 * floors lie well below what is usually measured, for machines are noisy; a ratio below one is a regression, not noise.
 */
final class Floors {

    private static final String FILE = "floors.properties";

    private final Properties floors;

    private Floors(Properties floors) {
        this.floors = floors;
    }

    static Floors load() throws IOException {
        Properties floors = new Properties();
        try (InputStream in = Floors.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException(FILE + " is missing");
            }
            floors.load(in);
        }
        return new Floors(floors);
    }

    /** Returns what lies below its floor or was not measured, a line each. */
    List<String> violations(Report report, List<Workload> workloads, String stock) {
        List<String> violations = new ArrayList<>();
        for (String title : new TreeSet<>(floors.stringPropertyNames())) {
            double floor = Double.parseDouble(floors.getProperty(title));
            Workload workload = workloads.stream()
                    .filter(w -> w.title().equals(title))
                    .findFirst()
                    .orElse(null);
            Double ratio = workload == null
                    ? null
                    : report.ratioTo(workload, stock, workload.figures().get(0));
            if (ratio == null) {
                violations.add(title + ": not measured, the floor is " + floor);
            } else if (ratio < floor) {
                violations.add(String.format(
                        Locale.ROOT, "%s: %.2f × the stock client, the floor is %.2f", title, ratio, floor));
            }
        }
        return violations;
    }
}
