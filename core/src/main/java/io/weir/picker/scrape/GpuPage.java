package io.weir.picker.scrape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads how busy the GPUs of one Pod are from a page of NVIDIA's DCGM exporter, as it arrives. The
 * busiest GPU counts. Series that name another Pod are left out: an exporter that serves a node
 * tells of all Pods there.
 */
final class GpuPage implements ByteSink {

    private static final byte[] NAME = "DCGM_FI_DEV_GPU_UTIL".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_LINE = 8 << 10;
    private static final double PERCENT = 100;

    private final String podName;
    private byte[] line = new byte[512];
    private int length;
    private double busiest;

    /**
     * @param podName the Pod's name; empty to count all
     */
    GpuPage(String podName) {
        this.podName = podName;
    }

    /** Begins a page. */
    void begin() {
        length = 0;
        busiest = Double.NaN;
    }

    /** Ends the page; returns the use of the busiest GPU, 0..1, and NaN when there is none. */
    double end() {
        endLine();
        return Math.clamp(busiest / PERCENT, 0, 1);
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int end = Bytes.indexOf(bytes, at, to, '\n');
            take(bytes, at, end < 0 ? to : end);
            if (end < 0) {
                return;
            }
            endLine();
            at = end + 1;
        }
    }

    /** Takes a piece of a line; of one that is too long only its length counts. */
    private void take(byte[] bytes, int from, int to) {
        int taken = Math.min(to - from, LONGEST_LINE + 1 - length);
        if (length + taken > line.length) {
            line = Arrays.copyOf(line, Math.max(length + taken, 2 * line.length));
        }
        System.arraycopy(bytes, from, line, length, taken);
        length += taken;
    }

    private void endLine() {
        if (length > NAME.length
                && length <= LONGEST_LINE
                && Arrays.equals(line, 0, NAME.length, NAME, 0, NAME.length)
                && (line[NAME.length] == '{' || line[NAME.length] == ' ')) {
            readSeries();
        }
        length = 0;
    }

    private void readSeries() {
        boolean hasLabels = line[NAME.length] == '{';
        int end = hasLabels ? Labels.end(line, NAME.length, length) : NAME.length;
        String pod = hasLabels ? Labels.value(line, NAME.length, end, "pod") : null;
        double value = MetricsParser.value(line, end, length);
        boolean isOurs = pod == null || pod.isEmpty() || podName.isEmpty() || pod.equals(podName);
        if (isOurs && !Double.isNaN(value)) {
            busiest = Double.isNaN(busiest) ? value : Math.max(busiest, value);
        }
    }
}
