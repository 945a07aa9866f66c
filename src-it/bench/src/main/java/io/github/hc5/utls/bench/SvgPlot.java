package io.github.hc5.utls.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Curves over a logarithmic axis, as an SVG that needs nothing else.
 *
 * @param curves by name, in the order of the legend
 */
record SvgPlot(String title, String xAxis, String yAxis, Map<String, List<Point>> curves) {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 420;
    private static final int LEFT = 80;
    private static final int RIGHT = 250;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final List<String> COLORS =
            List.of("#d62728", "#1f77b4", "#17becf", "#2ca02c", "#9467bd", "#8c564b", "#e377c2", "#7f7f7f", "#bcbd22");

    record Point(double x, double y) {}

    String svg() {
        double least = curves.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::x)
                .min()
                .orElse(1);
        double most = curves.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Point::x)
                .max()
                .orElse(1);
        double top = 1.05
                * curves.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Point::y)
                        .max()
                        .orElse(1);
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n",
                WIDTH,
                HEIGHT);
        add(svg, "<rect width='100%%' height='100%%' fill='white'/>%n");
        add(svg, "<text x='%d' y='22' font-size='15'>%s</text>%n", LEFT, title);
        add(svg, "<text x='%d' y='%d' text-anchor='end'>%s</text>%n", WIDTH - RIGHT, HEIGHT - 12, xAxis);
        add(svg, "<text x='%d' y='%d' text-anchor='end'>%s</text>%n", LEFT - 8, TOP - 6, yAxis);
        for (int i = 0; i <= 4; i++) {
            double value = top * i / 4;
            double y = y(value, top);
            add(svg, "<line x1='%d' y1='%.1f' x2='%d' y2='%.1f' stroke='#ddd'/>%n", LEFT, y, WIDTH - RIGHT, y);
            add(svg, "<text x='%d' y='%.1f' text-anchor='end'>%,.0f</text>%n", LEFT - 8, y + 4, value);
        }
        List<Double> ticks = curves.values().stream()
                .flatMap(List::stream)
                .map(Point::x)
                .distinct()
                .sorted()
                .toList();
        for (double tick : ticks) {
            double x = x(tick, least, most);
            add(svg, "<text x='%.1f' y='%d' text-anchor='middle'>%,.0f</text>%n", x, HEIGHT - BOTTOM + 18, tick);
        }
        int index = 0;
        for (Map.Entry<String, List<Point>> curve : curves.entrySet()) {
            String color = COLORS.get(index % COLORS.size());
            StringBuilder points = new StringBuilder();
            for (Point point : curve.getValue()) {
                double x = x(point.x, least, most);
                double y = y(point.y, top);
                add(points, "%.1f,%.1f ", x, y);
                add(svg, "<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>%n", x, y, color);
            }
            add(svg, "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n", points, color);
            int legend = TOP + 20 * index;
            add(svg, "<rect x='%d' y='%d' width='12' height='12' fill='%s'/>%n", WIDTH - RIGHT + 20, legend, color);
            add(svg, "<text x='%d' y='%d'>%s</text>%n", WIDTH - RIGHT + 38, legend + 10, curve.getKey());
            index++;
        }
        return svg.append("</svg>\n").toString();
    }

    private static double x(double value, double least, double most) {
        double share = most == least ? 0.5 : Math.log(value / least) / Math.log(most / least);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    }

    private static void add(StringBuilder to, String format, Object... values) {
        to.append(String.format(Locale.ROOT, format, values));
    }
}
