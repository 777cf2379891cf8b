package io.weir.picker.scrape;

import io.weir.picker.state.Adapters;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/**
 * Reads metric pages in the Prometheus text format as they arrive, and of them only what picking
 * needs. Reused from page to page; owned by one thread.
 *
 * <p>A server with several engines has a series for each: requests and blocks are added up, and the
 * use of the cache is averaged. Of the adapters' series, which servers leave behind when something
 * changes, the one with the highest value counts, being the time of its last change.
 */
final class MetricsParser implements ByteSink {

    private static final int LONGEST_LINE = 16 << 10;

    private final CustomMetrics custom;
    private final MetricNames[] names;
    private final AdapterSeries adapters = new AdapterSeries();
    private byte[] carried = new byte[256];
    private int carriedLength;
    private boolean skipsLine;
    private double waiting;
    private double running;
    private double kvCacheUsageSum;
    private int kvCacheUsages;
    private double legacyUsageSum;
    private int legacyUsages;
    private double blockTokens;
    private double blocks;

    MetricsParser(MetricNames... names) {
        this(CustomMetrics.NONE, names);
    }

    MetricsParser(CustomMetrics custom, MetricNames... names) {
        this.custom = custom;
        this.names = names;
    }

    /** Begins a page. */
    void begin() {
        adapters.begin();
        custom.begin();
        carriedLength = 0;
        skipsLine = false;
        waiting = Double.NaN;
        running = Double.NaN;
        kvCacheUsageSum = 0;
        kvCacheUsages = 0;
        legacyUsageSum = 0;
        legacyUsages = 0;
        blockTokens = 0;
        blocks = 0;
    }

    @Override
    public void accept(byte[] bytes, int from, int to) {
        int line = from;
        while (line < to) {
            int end = Bytes.indexOf(bytes, line, to, '\n');
            if (end < 0) {
                carry(bytes, line, to);
                return;
            }
            if (carriedLength > 0 || skipsLine) {
                carry(bytes, line, end);
                endCarriedLine();
            } else {
                readLine(bytes, line, end);
            }
            line = end + 1;
        }
    }

    /** Ends the page. */
    void end() {
        if (carriedLength > 0 || skipsLine) {
            endCarriedLine();
        }
    }

    /** Returns the length of the queue; -1 when it was not told. */
    int waitingRequests() {
        return count(waiting);
    }

    /** Returns the requests being worked on; -1 when they were not told. */
    int runningRequests() {
        return count(running);
    }

    /** Returns the use of the KV cache, 0..1; NaN when it was not told. */
    double kvCacheUsage() {
        double sum = kvCacheUsages > 0 ? kvCacheUsageSum : legacyUsageSum;
        int values = kvCacheUsages > 0 ? kvCacheUsages : legacyUsages;
        return values == 0 ? Double.NaN : Math.clamp(sum / values, 0, 1);
    }

    /** Returns the tokens in a block of the KV cache; 0 when they were not told. */
    int blockTokens() {
        return Math.max(0, count(blockTokens));
    }

    /** Returns the blocks of the KV cache; 0 when they were not told. */
    int blocks() {
        return Math.max(0, count(blocks));
    }

    /** Returns the adapters; the same object as long as nothing changes. */
    Adapters adapters() {
        return adapters.latest();
    }

    /** Returns whether further metrics are wanted. */
    boolean hasCustom() {
        return !custom.isEmpty();
    }

    /** Returns the values of further metrics by key. */
    Map<String, Double> custom() {
        return custom.values();
    }

    private void carry(byte[] bytes, int from, int to) {
        int length = carriedLength + to - from;
        if (skipsLine || length > LONGEST_LINE) {
            skipsLine = true;
            return;
        }
        if (length > carried.length) {
            carried = Arrays.copyOf(carried, Math.max(length, 2 * carried.length));
        }
        System.arraycopy(bytes, from, carried, carriedLength, to - from);
        carriedLength = length;
    }

    private void endCarriedLine() {
        if (!skipsLine) {
            readLine(carried, 0, carriedLength);
        }
        carriedLength = 0;
        skipsLine = false;
    }

    private void readLine(byte[] line, int from, int to) {
        custom.offer(line, from, to);
        for (MetricNames engine : names) {
            MetricNames.Field field = engine.match(line, from, to);
            if (field != null) {
                readSeries(engine, field, line, from, to);
                return;
            }
        }
    }

    private void readSeries(
            MetricNames engine, MetricNames.Field field, byte[] line, int from, int to) {
        int labels = Bytes.indexOf(line, from, to, '{');
        int labelsEnd = labels < 0 ? from : Labels.end(line, labels, to);
        double value = value(line, labelsEnd, to);
        if (Double.isNaN(value)) {
            return;
        }
        if (field == MetricNames.Field.CACHE_CONFIG) {
            readCacheConfig(engine, line, Math.max(labels, from), labelsEnd);
        } else {
            take(field, value, line, Math.max(labels, from), labelsEnd);
        }
    }

    /** Returns the number that follows the labels; NaN when there is none. */
    static double value(byte[] line, int labelsEnd, int to) {
        int number = Bytes.indexOf(line, labelsEnd, to, ' ');
        while (number >= 0 && number < to && line[number] == ' ') {
            number++;
        }
        return number < 0 ? Double.NaN : Bytes.number(line, number, to);
    }

    private void take(
            MetricNames.Field field, double value, byte[] line, int labels, int labelsEnd) {
        switch (field) {
            case WAITING -> waiting = plus(waiting, value);
            case RUNNING -> running = plus(running, value);
            case KV_CACHE_USAGE -> {
                kvCacheUsageSum += value;
                kvCacheUsages++;
            }
            case KV_CACHE_USAGE_LEGACY -> {
                legacyUsageSum += value;
                legacyUsages++;
            }
            case BLOCK_TOKENS -> blockTokens = value;
            case BLOCKS -> blocks += value;
            case CACHE_CONFIG -> {}
            case ADAPTERS -> adapters.offer(value, line, labels, labelsEnd);
        }
    }

    private void readCacheConfig(MetricNames engine, byte[] line, int labels, int labelsEnd) {
        double tokens = labelNumber(line, labels, labelsEnd, engine.blockTokensLabel());
        double number = labelNumber(line, labels, labelsEnd, engine.blocksLabel());
        blockTokens = Double.isNaN(tokens) ? blockTokens : tokens;
        blocks += Double.isNaN(number) ? 0 : number;
    }

    private static double labelNumber(byte[] line, int from, int to, String name) {
        String value = Labels.value(line, from, to, name);
        return value == null ? Double.NaN : parse(value);
    }

    private static double parse(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private static double plus(double sum, double value) {
        return Double.isNaN(sum) ? value : sum + value;
    }

    private static int count(double value) {
        return Double.isNaN(value) ? -1 : (int) Math.clamp(value, 0, Integer.MAX_VALUE);
    }

    /** The latest of the adapters' series. */
    private static final class AdapterSeries {

        private double latestValue;
        private byte[] labels = new byte[256];
        private int length;
        private byte[] parsedLabels = {};
        private Adapters parsed = Adapters.NONE;

        void begin() {
            latestValue = Double.NEGATIVE_INFINITY;
            length = 0;
        }

        void offer(double value, byte[] line, int from, int to) {
            if (value <= latestValue) {
                return;
            }
            latestValue = value;
            length = to - from;
            if (length > labels.length) {
                labels = new byte[2 * length];
            }
            System.arraycopy(line, from, labels, 0, length);
        }

        Adapters latest() {
            if (!Arrays.equals(labels, 0, length, parsedLabels, 0, parsedLabels.length)) {
                parsedLabels = Arrays.copyOf(labels, length);
                parsed = parse();
            }
            return parsed;
        }

        private Adapters parse() {
            String most = text("max_lora");
            double max = most == null ? 0 : MetricsParser.parse(most);
            return new Adapters(
                    Labels.list(text("running_lora_adapters")),
                    Labels.list(text("waiting_lora_adapters")),
                    Math.max(0, count(max)));
        }

        private @Nullable String text(String name) {
            return Labels.value(labels, 0, length, name);
        }
    }
}
