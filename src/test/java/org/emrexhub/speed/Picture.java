package org.emrexhub.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Lines over time, as SVG: what waits for two targets, and what the hub's heap holds. */
final class Picture {

    private static final int WIDTH = 860;
    private static final int HEIGHT = 210;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int GAP = 60;

    private record Sample(double second, double first, double second2, double heap) {}

    private record Mark(double second, String text) {}

    private final List<Sample> samples = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    synchronized void add(double second, double waitingForSisu, double waitingForArchive, double heapMegabytes) {
        samples.add(new Sample(second, waitingForSisu, waitingForArchive, heapMegabytes));
    }

    synchronized void mark(double second, String text) {
        marks.add(new Mark(second, text));
    }

    synchronized String svg(int transfers) {
        double end = samples.stream().mapToDouble(Sample::second).max().orElse(1);
        double most = Math.max(transfers, 1) * 1.05;
        double heap =
                Math.max(64, samples.stream().mapToDouble(Sample::heap).max().orElse(1) * 1.2);
        StringBuilder svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 "
                + (WIDTH + LEFT + 30) + " " + (TOP + 2 * HEIGHT + GAP + 50)
                + "\" font-family=\"sans-serif\" font-size=\"12\">\n"
                + "<title>" + transfers + " transfers wait for Sisu, which is down; the archive gets its own</title>\n"
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        frame(svg, TOP, "transfers that wait", most, end);
        line(svg, TOP, end, most, Sample::first, "#b3261e");
        line(svg, TOP, end, most, Sample::second2, "#1a56a6");
        frame(svg, TOP + HEIGHT + GAP, "live heap, MB", heap, end);
        line(svg, TOP + HEIGHT + GAP, end, heap, Sample::heap, "#2e6b34");
        for (Mark mark : marks) {
            text(
                    svg,
                    "<line x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\" stroke=\"#888\" stroke-dasharray=\"3 3\"/>\n",
                    x(mark.second(), end),
                    TOP,
                    TOP + 2 * HEIGHT + GAP);
        }
        for (int n = 0; n < marks.size(); n++) {
            text(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" fill=\"#444\">%s</text>\n",
                    x(marks.get(n).second(), end) + 4,
                    TOP + 14 + 14 * n,
                    marks.get(n).text());
        }
        text(svg, "<text x=\"%d\" y=\"%d\" fill=\"#b3261e\">for Sisu</text>\n", LEFT + WIDTH - 140, TOP - 8);
        text(svg, "<text x=\"%d\" y=\"%d\" fill=\"#1a56a6\">for the archive</text>\n", LEFT + WIDTH - 85, TOP - 8);
        return svg.append("</svg>\n").toString();
    }

    private static void frame(StringBuilder svg, int top, String title, double most, double end) {
        text(
                svg,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#444\"/>\n",
                LEFT,
                top,
                WIDTH,
                HEIGHT);
        text(svg, "<text x=\"%d\" y=\"%d\">%s</text>\n", LEFT, top - 8, title);
        for (int n = 0; n <= 4; n++) {
            text(
                    svg,
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>\n",
                    LEFT - 6,
                    top + HEIGHT - HEIGHT * n / 4.0 + 4,
                    most * n / 4);
            text(
                    svg,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>\n",
                    LEFT + WIDTH * n / 4.0,
                    top + HEIGHT + 18,
                    end * n / 4);
        }
    }

    private void line(
            StringBuilder svg, int top, double end, double most, ToDoubleFunction<Sample> value, String colour) {
        StringBuilder points = new StringBuilder();
        for (Sample sample : samples) {
            points.append(String.format(
                    Locale.ROOT,
                    "%.1f,%.1f ",
                    x(sample.second(), end),
                    top + HEIGHT - HEIGHT * value.applyAsDouble(sample) / most));
        }
        text(
                svg,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n",
                colour,
                points.toString().strip());
    }

    private static double x(double second, double end) {
        return LEFT + WIDTH * second / end;
    }

    private static void text(StringBuilder svg, String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
