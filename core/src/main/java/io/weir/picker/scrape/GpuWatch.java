package io.weir.picker.scrape;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Asks now and then how busy the GPUs of a server are, beside what is asked of the server itself.
 * An exporter that does not answer says nothing about the server: its GPUs are as busy as unknown
 * then.
 *
 * <pre>
 * RESTING ── due ─▶ ASKING ── answer or failure ─▶ RESTING
 * </pre>
 */
final class GpuWatch implements ServerConnection.Listener {

    /**
     * Name of the attribute, a number from 0 to 1; as of the reference's {@code dcgm-extractor}.
     */
    static final String ATTRIBUTE = "GPUUtilization";

    private static final int OK = 200;

    private final ServerConnection connection;
    private final ByteBuffer request;
    private final GpuPage page;
    private final ScrapeLoop loop;
    private final long intervalNanos;
    private final Runnable news;
    private boolean isAsking;
    private long dueNanos;
    private double utilization = Double.NaN;

    /** Makes the connection to an exporter. */
    interface Connections {

        ServerConnection to(ServerConnection.Listener listener);
    }

    GpuWatch(
            Connections connections,
            String path,
            GpuPage page,
            ScrapeLoop loop,
            long intervalNanos,
            Runnable news) {
        this.connection = connections.to(this);
        this.request = connection.request(path);
        this.page = page;
        this.loop = loop;
        this.intervalNanos = intervalNanos;
        this.news = news;
        this.dueNanos = loop.nanoTime();
    }

    /** Returns the use of the busiest GPU, 0..1; NaN when that is not known. */
    double utilization() {
        return utilization;
    }

    /** Asks, unless that is not due or the last question is still open. */
    void askIfDue() {
        long now = loop.nanoTime();
        if (isAsking || now - dueNanos < 0) {
            return;
        }
        dueNanos = now + intervalNanos;
        isAsking = true;
        page.begin();
        connection.ask(request, page);
    }

    void checkTime(long nowNanos) {
        connection.checkTime(nowNanos);
    }

    void close() {
        connection.close();
    }

    @Override
    public void answered(int status) {
        known(status == OK ? page.end() : Double.NaN);
    }

    @Override
    public void failed(IOException cause) {
        known(Double.NaN);
    }

    private void known(double latest) {
        isAsking = false;
        utilization = latest;
        news.run();
    }
}
