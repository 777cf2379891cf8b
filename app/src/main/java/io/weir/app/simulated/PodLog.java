package io.weir.app.simulated;

import io.weir.simulator.RequestLog;

import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The last lines that a server logged. Requests for metrics and health are left out: pickers ask
 * for them all the time.
 */
final class PodLog implements RequestLog {

    private static final int MOST_LINES = 2_000;

    private final InstantSource clock;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long written;
    private boolean ended;

    PodLog(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * One line.
     *
     * @param number from 1, of all lines ever written
     * @param time when
     * @param text what
     */
    record Line(long number, Instant time, String text) {}

    @Override
    public void answered(String client, String method, String path, int status) {
        if (method.equals("GET") && (path.equals("/metrics") || path.equals("/health"))) {
            return;
        }
        add("INFO:     " + client + " - \"" + method + " " + path + " HTTP/1.1\" " + words(status));
    }

    private static String words(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_OK -> "200 OK";
            case HttpURLConnection.HTTP_BAD_REQUEST -> "400 Bad Request";
            case HttpURLConnection.HTTP_NOT_FOUND -> "404 Not Found";
            case HttpURLConnection.HTTP_INTERNAL_ERROR -> "500 Internal Server Error";
            case HttpURLConnection.HTTP_UNAVAILABLE -> "503 Service Unavailable";
            default -> Integer.toString(status);
        };
    }

    synchronized void add(String text) {
        written++;
        lines.addLast(new Line(written, clock.instant(), text));
        if (lines.size() > MOST_LINES) {
            lines.removeFirst();
        }
    }

    /** Returns the lines after one. */
    synchronized List<Line> after(long number) {
        List<Line> found = new ArrayList<>();
        lines.stream().filter(line -> line.number() > number).forEach(found::add);
        return found;
    }

    synchronized void end() {
        ended = true;
    }

    synchronized boolean hasEnded() {
        return ended;
    }
}
