package io.weir.proxy.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.slf4j.LoggerFactory;

import java.util.List;

/** Takes what a class logs in place of the console, for messages that a test provokes. */
public final class LogCapture implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    private LogCapture(Logger logger) {
        this.logger = logger;
    }

    /** Takes what a class logs from now on. */
    public static LogCapture of(Class<?> type) {
        LogCapture capture = new LogCapture((Logger) LoggerFactory.getLogger(type));
        capture.events.start();
        capture.logger.addAppender(capture.events);
        capture.logger.setAdditive(false);
        return capture;
    }

    /** Returns level, message and cause of what was logged, in order. */
    public List<String> lines() {
        return List.copyOf(events.list).stream().map(LogCapture::line).toList();
    }

    private static String line(ILoggingEvent event) {
        var cause = event.getThrowableProxy();
        return event.getLevel()
                + " "
                + event.getMessage()
                + (cause == null ? "" : ": " + cause.getMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(events);
        logger.setAdditive(true);
    }
}
