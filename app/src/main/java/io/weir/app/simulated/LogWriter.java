package io.weir.app.simulated;

import io.weir.kubernetes.embedded.http.PodLogs.Request;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Writes the part of a log that was asked for. */
final class LogWriter {

    private static final long LOOK_AGAIN_MILLIS = 100;

    private final PodLog log;
    private final Request request;
    private final InstantSource clock;

    LogWriter(PodLog log, Request request, InstantSource clock) {
        this.log = log;
        this.request = request;
        this.clock = clock;
    }

    void write(OutputStream out) throws IOException, InterruptedException {
        Instant since = since();
        List<PodLog.Line> lines =
                log.after(0).stream().filter(line -> !line.time().isBefore(since)).toList();
        long tail = request.tailLines();
        int skipped = tail < 0 ? 0 : (int) Math.max(0, lines.size() - tail);
        long last = lines.isEmpty() ? 0 : lines.getLast().number();
        long left = request.limitBytes() < 0 ? Long.MAX_VALUE : request.limitBytes();
        left = write(lines.subList(skipped, lines.size()), out, left);
        while (request.follow() && left > 0 && !log.hasEnded()) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            List<PodLog.Line> more = log.after(last);
            last = more.isEmpty() ? last : more.getLast().number();
            left = write(more, out, left);
        }
    }

    private long write(List<PodLog.Line> lines, OutputStream out, long left) throws IOException {
        long rest = left;
        for (PodLog.Line line : lines) {
            String text = (request.timestamps() ? line.time() + " " : "") + line.text() + "\n";
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int length = (int) Math.min(bytes.length, rest);
            out.write(bytes, 0, length);
            rest -= length;
        }
        out.flush();
        return rest;
    }

    private Instant since() {
        if (request.sinceSeconds() >= 0) {
            return clock.instant().minusSeconds(request.sinceSeconds());
        }
        try {
            return request.sinceTime().isEmpty() ? Instant.MIN : Instant.parse(request.sinceTime());
        } catch (DateTimeException e) {
            return Instant.MIN;
        }
    }
}
