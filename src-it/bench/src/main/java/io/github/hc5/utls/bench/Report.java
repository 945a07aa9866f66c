package io.github.hc5.utls.bench;

import io.github.hc5.utls.bench.Results.Cell;
import io.github.hc5.utls.bench.Workload.Figure;
import io.github.hc5.utls.bench.Workload.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The report: a page in Markdown with a table for each workload, and a plot for each curve. */
final class Report {

    private final Results results;
    private final String ours;

    /**
     * @param ours the contender to which the ratios are
     */
    Report(Results results, String ours) {
        this.results = results;
        this.ours = ours;
    }

    /** Writes {@code report.md} and its plots. */
    void write(Path directory, List<String> preface) throws IOException {
        Files.createDirectories(directory);
        StringBuilder page = new StringBuilder("# Measured\n\n");
        preface.forEach(line -> page.append(line).append("\n\n"));
        for (Group group : Group.values()) {
            List<Workload> workloads = results.workloads(group);
            if (workloads.isEmpty()) {
                continue;
            }
            page.append("## ").append(group.title).append("\n\n");
            if (workloads.size() > 1 && !group.axis.isEmpty()) {
                for (int i : group == Group.REQUESTS ? new int[] {0, 2} : new int[] {0}) {
                    String file = group.name().toLowerCase(Locale.ROOT) + "-" + i + ".svg";
                    Figure figure = workloads.get(0).figures().get(i);
                    Files.writeString(directory.resolve(file), plot(group, workloads, i));
                    page.append("![")
                            .append(figure.unit())
                            .append("](")
                            .append(file)
                            .append(")\n\n");
                }
            }
            for (Workload workload : workloads) {
                table(page, workload);
            }
            if (group == Group.HANDSHAKES) {
                workloads.forEach(cold -> hotAgainstCold(page, cold));
            }
        }
        Files.writeString(directory.resolve("report.md"), page.toString());
    }

    private String plot(Group group, List<Workload> workloads, int figure) {
        Map<String, List<SvgPlot.Point>> curves = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            for (String contender : results.contenders(workload)) {
                Cell cell = results.cell(workload, contender, workload.figures().get(figure));
                if (cell != null && cell.errors() == 0) {
                    curves.computeIfAbsent(contender, c -> new ArrayList<>())
                            .add(new SvgPlot.Point(workload.size(), cell.median()));
                }
            }
        }
        return new SvgPlot(
                        group.title,
                        group.axis,
                        workloads.get(0).figures().get(figure).unit(),
                        curves)
                .svg();
    }

    private void table(StringBuilder page, Workload workload) {
        page.append("### ").append(workload.title()).append("\n\n|  |");
        List<Figure> figures = workload.figures();
        page.append(' ').append(figures.get(0).unit()).append(" | range | ours is |");
        List<Figure> others = figures.subList(1, figures.size());
        others.forEach(figure -> page.append(' ').append(figure.unit()).append(" |"));
        page.append(" errors |\n|---|")
                .append("--:|".repeat(figures.size() + 3))
                .append('\n');
        List<String> failed = new ArrayList<>();
        for (String contender : ranked(workload)) {
            Cell first = results.cell(workload, contender, figures.get(0));
            if (first == null) {
                continue;
            }
            page.append("| ").append(contender).append(" | ").append(number(first.median()));
            page.append(" | ").append(number(first.least())).append("–").append(number(first.most()));
            page.append(" | ").append(ratio(workload, contender, figures.get(0)));
            for (Figure figure : others) {
                Cell cell = results.cell(workload, contender, figure);
                page.append(" | ").append(cell == null ? "" : number(cell.median()));
            }
            page.append(" | ").append(first.errors()).append(" |\n");
            if (first.errors() > 0) {
                failed.add(contender + " failed " + first.errors() + " requests (" + first.error()
                        + ") and is not ranked");
            }
        }
        page.append('\n');
        failed.forEach(line -> page.append(line).append(".\n\n"));
    }

    /** What reuse of connections is worth: the same requests on warm connections and on a new one each. */
    private void hotAgainstCold(StringBuilder page, Workload cold) {
        Workload hot = results.workloads(Group.REQUESTS).stream()
                .filter(w -> w.size() == cold.size())
                .findFirst()
                .orElse(null);
        if (hot == null) {
            return;
        }
        page.append("### Hot against cold, ").append(cold.size()).append(" in flight\n\n");
        page.append("|  | hot, requests/s | cold, requests/s | hot ÷ cold |\n|---|--:|--:|--:|\n");
        for (String contender : ranked(hot)) {
            Figure perSecond = hot.figures().get(0);
            Cell warm = results.cell(hot, contender, perSecond);
            Cell opened = results.cell(cold, contender, perSecond);
            if (warm != null && opened != null && warm.errors() + opened.errors() == 0 && opened.median() > 0) {
                page.append("| ").append(contender);
                for (double value : new double[] {warm.median(), opened.median(), warm.median() / opened.median()}) {
                    page.append(" | ").append(number(value));
                }
                page.append(" |\n");
            }
        }
        page.append('\n');
    }

    /** Returns the contenders, the best first and those with errors last. */
    private List<String> ranked(Workload workload) {
        Figure figure = workload.figures().get(0);
        Comparator<String> byValue = Comparator.comparingDouble(c -> value(workload, c, figure));
        return results.contenders(workload).stream()
                .sorted(Comparator.comparing((String c) -> hasErrors(workload, c, figure))
                        .thenComparing(figure.moreIsBetter() ? byValue.reversed() : byValue))
                .collect(Collectors.toList());
    }

    private boolean hasErrors(Workload workload, String contender, Figure figure) {
        Cell cell = results.cell(workload, contender, figure);
        return cell != null && cell.errors() > 0;
    }

    private double value(Workload workload, String contender, Figure figure) {
        Cell cell = results.cell(workload, contender, figure);
        return cell == null ? 0 : cell.median();
    }

    /** Returns how many times better ours is: above 1, ours is ahead. */
    private String ratio(Workload workload, String contender, Figure figure) {
        Double ratio = ratioTo(workload, contender, figure);
        return ratio == null || contender.equals(ours) ? "" : String.format(Locale.ROOT, "%.2f ×", ratio);
    }

    /** Returns how many times better ours is than the contender; {@code null} where one of the two has no value. */
    @Nullable
    Double ratioTo(Workload workload, String contender, Figure figure) {
        double mine = value(workload, ours, figure);
        double other = value(workload, contender, figure);
        if (mine == 0 || other == 0) {
            return null;
        }
        return figure.moreIsBetter() ? mine / other : other / mine;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
