package io.weir.telemetry;

import io.weir.picker.external.PickerFailure;
import io.weir.resource.ObjectKey;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Logs failures of external pickers: the first one of a pool at once, then at most one line in a
 * while with their number, and one line when the picker is well again. Thread-safe.
 */
public final class PickerFailureLog implements ExchangeObserver {

    private final long everyNanos;
    private final Lines lines;
    private final Map<ObjectKey, Trouble> troubles = new ConcurrentHashMap<>();

    /**
     * @param every least time between two lines about one pool
     */
    public PickerFailureLog(Duration every) {
        this(every, new Written());
    }

    PickerFailureLog(Duration every, Lines lines) {
        this.everyNanos = every.toNanos();
        this.lines = lines;
    }

    /** What is logged. */
    interface Lines {

        /**
         * A picker fails.
         *
         * @param failures how often since the line before
         */
        void failed(ObjectKey pool, PickerFailure failure, long failures);

        /** A picker that failed answers again. */
        void well(ObjectKey pool);
    }

    private static final class Written implements Lines {

        private static final Logger LOG = LoggerFactory.getLogger(PickerFailureLog.class);

        @Override
        public void failed(ObjectKey pool, PickerFailure failure, long failures) {
            LOG.atWarn()
                    .addKeyValue("pool", pool.objectName())
                    .addKeyValue("cause", failure.cause())
                    .addKeyValue("effect", failure.effect())
                    .addKeyValue("failures", failures)
                    .addKeyValue("reason", failure.reason())
                    .log("Picker failed");
        }

        @Override
        public void well(ObjectKey pool) {
            LOG.atInfo().addKeyValue("pool", pool.objectName()).log("Picker answers again");
        }
    }

    @Override
    public void completed(ExchangeRecord exchange) {
        ObjectKey pool = exchange.pool;
        PickerFailure failure = exchange.pickerFailure;
        if (pool == null) {
            return;
        }
        if (failure != null) {
            troubles.computeIfAbsent(pool, _ -> new Trouble(exchange.endNanos - everyNanos))
                    .failed(pool, failure, exchange.endNanos);
        } else if (!troubles.isEmpty() && isWell(pool, exchange)) {
            lines.well(pool);
        }
    }

    /** A request that began after the last failure and was picked for shows that all is well. */
    private boolean isWell(ObjectKey pool, ExchangeRecord exchange) {
        Trouble trouble = troubles.get(pool);
        return trouble != null
                && exchange.endpoint != null
                && trouble.isBefore(exchange.receivedNanos)
                && troubles.remove(pool, trouble);
    }

    /** The failures of one pool's picker. */
    private final class Trouble {

        private long loggedNanos;
        private long lastNanos;
        private long failures;

        Trouble(long loggedNanos) {
            this.loggedNanos = loggedNanos;
            this.lastNanos = loggedNanos;
        }

        synchronized boolean isBefore(long nanos) {
            return nanos - lastNanos > 0;
        }

        synchronized void failed(ObjectKey pool, PickerFailure failure, long now) {
            lastNanos = now;
            failures++;
            if (now - loggedNanos < everyNanos) {
                return;
            }
            lines.failed(pool, failure, failures);
            loggedNanos = now;
            failures = 0;
        }
    }
}
