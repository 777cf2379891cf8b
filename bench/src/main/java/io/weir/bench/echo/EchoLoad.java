package io.weir.bench.echo;

import io.weir.bench.load.Latencies;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;

/** Asks an echo as an {@link EchoPlan} says. Each message carries when it left. */
public final class EchoLoad {

    private final EchoPlan plan;
    private final Runnable onMeasure;
    private volatile long measureNanos = Long.MAX_VALUE;

    private EchoLoad(EchoPlan plan, Runnable onMeasure) {
        this.plan = plan;
        this.onMeasure = onMeasure;
    }

    /**
     * Runs the plan and returns the times from sending a message to having all of it back, of those
     * that were sent after the warm-up.
     *
     * @param onMeasure called when the warm-up is over
     */
    public static Latencies run(EchoPlan plan, Runnable onMeasure) {
        try {
            return new EchoLoad(plan, onMeasure).run();
        } catch (IOException e) {
            throw new UncheckedIOException("no echo at " + plan.target(), e);
        }
    }

    private Latencies run() throws IOException {
        try (Socket connection = new Socket()) {
            connection.setTcpNoDelay(true);
            connection.connect(plan.target());
            DataInputStream in = new DataInputStream(connection.getInputStream());
            CompletableFuture<Latencies> back = new CompletableFuture<>();
            Thread.ofPlatform().daemon().name("echo-receiver").start(() -> receive(in, back));
            send(connection.getOutputStream());
            connection.shutdownOutput();
            return back.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private void send(OutputStream out) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(plan.messageBytes());
        long start = System.nanoTime();
        long end = plan.warmup().plus(plan.duration()).toNanos();
        for (long sent = 0; plan.dueNanos(sent) < end; sent++) {
            waitUntil(start + plan.dueNanos(sent));
            long now = System.nanoTime();
            if (measureNanos == Long.MAX_VALUE && now - start >= plan.warmup().toNanos()) {
                measureNanos = now;
                onMeasure.run();
            }
            out.write(message.putLong(0, System.nanoTime()).array());
        }
    }

    private static void waitUntil(long nanos) {
        for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void receive(DataInputStream in, CompletableFuture<Latencies> back) {
        Latencies latencies = new Latencies();
        byte[] message = new byte[plan.messageBytes()];
        ByteBuffer view = ByteBuffer.wrap(message);
        try {
            while (true) {
                in.readFully(message);
                long sent = view.getLong(0);
                if (sent >= measureNanos) {
                    latencies.record(System.nanoTime() - sent);
                }
            }
        } catch (EOFException _) {
            back.complete(latencies);
        } catch (IOException e) {
            back.completeExceptionally(e);
        }
    }
}
