package io.weir.bench.score;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Published traces, where they are at hand.
 *
 * <p>A trace is replayed from a place that depends on the seed, in a circle, with its times
 * stretched or shrunk to the wanted rate.
 */
final class Traces {

    static final String AZURE_FILE = "azure-llm-2023-conversation.csv.gz";
    static final String MOONCAKE_FILE = "mooncake-conversation.jsonl.gz";

    private static final int MOONCAKE_BLOCK = 512;
    private static final double MOONCAKE_TICK_SECONDS = 3;
    private static final int MOST_TOKENS = 160_000;

    private Traces() {}

    /** A request of a trace. */
    private record Entry(double atSeconds, int output, List<Segment> prompt) {}

    /**
     * Reads Azure's trace of conversations of 2023.
     *
     * @see <a href="https://github.com/Azure/AzurePublicDataset">AzurePublicDataset</a>
     */
    static TraceReplay azure(Path folder) {
        List<Entry> entries = new ArrayList<>();
        try (BufferedReader reader = open(folder.resolve(AZURE_FILE))) {
            reader.readLine();
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String[] fields = line.split(",", -1);
                int prompt = Math.max(1, Integer.parseInt(fields[1]));
                int output = Math.max(1, Integer.parseInt(fields[2].strip()));
                long content = Text.mix(entries.size());
                entries.add(
                        new Entry(
                                secondOfDay(fields[0]),
                                output,
                                List.of(new Segment(content, prompt))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return replay(entries, 0);
    }

    /**
     * Reads Mooncake's trace of conversations.
     *
     * @see <a href="https://github.com/kvcache-ai/Mooncake">Mooncake</a>
     */
    static TraceReplay mooncake(Path folder) {
        List<Entry> entries = new ArrayList<>();
        JsonFactory json = new JsonFactory();
        try (BufferedReader reader = open(folder.resolve(MOONCAKE_FILE))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try (JsonParser parser = json.createParser(line)) {
                    entries.add(mooncake(parser));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return replay(entries, MOONCAKE_TICK_SECONDS);
    }

    private static Entry mooncake(JsonParser parser) throws IOException {
        double at = 0;
        int input = 1;
        int output = 1;
        List<Segment> blocks = new ArrayList<>();
        while (parser.nextToken() != null) {
            if (parser.currentToken() != JsonToken.FIELD_NAME) {
                continue;
            }
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "timestamp" -> at = parser.getDoubleValue() / 1000;
                case "input_length" -> input = parser.getIntValue();
                case "output_length" -> output = parser.getIntValue();
                case "hash_ids" -> {
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        blocks.add(new Segment(parser.getLongValue() + 1, MOONCAKE_BLOCK));
                    }
                }
                default -> parser.skipChildren();
            }
        }
        int left = Math.clamp(input, 1, MOST_TOKENS);
        List<Segment> prompt = new ArrayList<>();
        for (Segment block : blocks) {
            int tokens = Math.min(left, MOONCAKE_BLOCK);
            if (tokens > 0) {
                prompt.add(new Segment(block.content(), tokens));
            }
            left -= tokens;
        }
        return new Entry(at, Math.max(1, output), prompt);
    }

    private static TraceReplay replay(List<Entry> entries, double tickSeconds) {
        double[] at = entries.stream().mapToDouble(Entry::atSeconds).toArray();
        spread(at, tickSeconds);
        List<Work> work = new ArrayList<>();
        for (Entry entry : entries) {
            long answer = Text.mix(~work.size());
            work.add(Work.of(entry.prompt(), new Segment(answer, entry.output())));
        }
        return new TraceReplay(at, work);
    }

    /** Spreads requests of the same tick of a coarse clock evenly up to the next one. */
    private static void spread(double[] at, double tickSeconds) {
        for (int from = 0; from < at.length; ) {
            int to = from;
            while (to < at.length && at[to] == at[from]) {
                to++;
            }
            double begin = at[from];
            for (int i = from; i < to; i++) {
                at[i] = begin + tickSeconds * (i - from) / (to - from);
            }
            from = to;
        }
        Arrays.sort(at);
    }

    /** Returns the seconds since midnight of a time like {@code 2023-11-16 18:15:46.6805900}. */
    private static double secondOfDay(String time) {
        String[] parts = time.substring(time.indexOf(' ') + 1).split(":", -1);
        return Integer.parseInt(parts[0]) * 3600
                + Integer.parseInt(parts[1]) * 60
                + Double.parseDouble(parts[2]);
    }

    private static BufferedReader open(Path file) throws IOException {
        return new BufferedReader(
                new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
    }
}
