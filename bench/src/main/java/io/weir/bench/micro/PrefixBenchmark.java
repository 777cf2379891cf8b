package io.weir.bench.micro;

import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.prefix.PrefixTable;
import io.weir.picker.prefix.PromptHashes;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Hashing a prompt and looking it up for ten servers, of which each knows a part of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 4, time = 2)
@Fork(1)
public class PrefixBenchmark {

    private static final int SERVERS = 10;
    private static final int CAPACITY_BLOCKS = 31_250;
    private static final int PROMPTS = 8;

    /** Bytes of a prompt. */
    @Param({"2000", "100000", "1000000"})
    public int promptBytes;

    private final PromptHashes hashes = new PromptHashes();
    private final PrefixTable[] tables = new PrefixTable[SERVERS];
    private final List<List<ByteBuffer>> prompts = new ArrayList<>();
    private int next;

    /** Has each server see another share of each prompt. */
    @Setup
    public void prepare() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < PROMPTS; i++) {
            prompts.add(List.of(ByteBuffer.wrap(Prompts.text(promptBytes, random))));
        }
        for (int server = 0; server < SERVERS; server++) {
            tables[server] = new PrefixTable();
            tables[server].limit(PrefixSettings.POOL_BYTES / SERVERS);
            for (List<ByteBuffer> prompt : prompts) {
                int known = promptBytes / SERVERS * server;
                hashes.compute(
                        "llama",
                        List.of(prompt.getFirst().slice(0, known)),
                        PrefixSettings.DEFAULT);
                tables[server].record(hashes, 0, CAPACITY_BLOCKS);
            }
        }
    }

    /** Hashes the next prompt and asks each table for it. */
    @Benchmark
    public int hashAndLookUp() {
        List<ByteBuffer> prompt = prompts.get(next++ & (PROMPTS - 1));
        hashes.compute("llama", prompt, PrefixSettings.DEFAULT);
        int sum = 0;
        int guess = 0;
        for (PrefixTable table : tables) {
            guess = table.match(hashes, CAPACITY_BLOCKS, guess);
            sum += guess;
        }
        return sum;
    }
}
