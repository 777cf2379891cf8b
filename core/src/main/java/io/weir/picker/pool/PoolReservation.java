package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.HeaderField;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.Reservation;
import io.weir.picker.flow.Lease;
import io.weir.picker.plugin.Schedule;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A request's place on an endpoint.
 *
 * <pre>
 *            next() finds one
 *          ┌────────┐
 *          │        ▼
 * (pick) ─▶ PREFILL ── firstByte() ──▶ DECODE
 *             │                          │
 *             └───────── release() ──────┴──▶ SETTLED
 * </pre>
 *
 * <p>In PREFILL the endpoint is charged with the prompt's tokens and the answer's expected tokens,
 * in DECODE with the latter, in SETTLED with nothing. Endpoints that read the prompt or its media
 * for this one are charged in PREFILL only.
 */
final class PoolReservation implements Reservation {

    private final int promptTokens;
    private final long decodeTokens;
    private final @Nullable Companions companions;
    private final Schedule schedule;
    private final Fallbacks fallbacks;
    private final Lease lease;
    private final Books books;
    private final String fairnessId;
    private long promptEnd;
    private LatencySample sample;
    private EndpointState current;
    private int prefillTokens;
    private boolean inPrefill = true;
    private boolean settled;

    /**
     * Takes over an endpoint whose request was counted already.
     *
     * @param prefillTokens the prompt's tokens that the endpoint has to work out
     * @param promptTokens all of the prompt's tokens, which another endpoint would have to
     * @param decodeTokens expected tokens of the answer
     * @param priority of the request
     * @param books where it is settled
     * @param fairnessId whose request it is
     * @param promptEnd by what the prompt is known in the pool's {@link Answers}; 0 when it is not
     * @param companions who else works for the request; null when it is nobody, and nobody asks
     * @param sample learns how long the request takes
     */
    PoolReservation(
            EndpointState current,
            long prefillTokens,
            long promptTokens,
            long decodeTokens,
            @Nullable Companions companions,
            Schedule schedule,
            Fallbacks fallbacks,
            int priority,
            Books books,
            String fairnessId,
            long promptEnd,
            LatencySample sample) {
        this.current = current;
        this.prefillTokens = Math.clamp(prefillTokens, 0, Integer.MAX_VALUE);
        this.promptTokens = Math.clamp(promptTokens, 0, Integer.MAX_VALUE);
        this.decodeTokens = decodeTokens;
        this.companions = companions;
        this.schedule = schedule;
        this.fallbacks = fallbacks;
        this.books = books;
        this.lease = books.control().begin(priority);
        this.fairnessId = fairnessId;
        this.promptEnd = promptEnd;
        this.sample = sample;
        charge(current.inFlight());
        if (companions != null) {
            companions.begin();
        }
    }

    @Override
    public Endpoint current() {
        return schedule.plan().destination(current.endpoint());
    }

    @Override
    public @Nullable Endpoint next() {
        if (settled) {
            return null;
        }
        current.health().failed(books.now());
        EndpointState other = fallbacks.next(books.now());
        if (other == null) {
            return null;
        }
        discharge();
        sample.abandon();
        sample = LatencySample.NONE;
        promptEnd = 0;
        current = other;
        inPrefill = true;
        // Where somebody else reads the prompt, no endpoint of the list has to.
        boolean readElsewhere = companions != null && companions.takePrefill();
        prefillTokens = readElsewhere ? 0 : promptTokens;
        other.inFlight().addRequest();
        charge(other.inFlight());
        return current();
    }

    @Override
    public List<Endpoint> ordered(int most) {
        List<Endpoint> endpoints = new ArrayList<>();
        endpoints.add(current.endpoint());
        fallbacks.ranked(most - 1, endpoints);
        endpoints.replaceAll(schedule.plan()::destination);
        return List.copyOf(endpoints);
    }

    @Override
    public List<HeaderField> requestHeaders() {
        return companions == null ? List.of() : companions.requestHeaders(schedule, current);
    }

    @Override
    public List<HeaderField> responseHeaders() {
        return companions == null ? List.of() : companions.responseHeaders(schedule, current);
    }

    @Override
    public boolean isMeasured() {
        return sample != LatencySample.NONE;
    }

    @Override
    public void firstByte() {
        if (settled || !inPrefill) {
            return;
        }
        inPrefill = false;
        current.inFlight().addPrefillTokens(-prefillTokens);
        endCompanions();
        current.health().succeeded();
        books.control().eased();
        sample.firstByte(books.now());
    }

    @Override
    public void release(End end, long completionTokens) {
        if (settled) {
            return;
        }
        settled = true;
        endCompanions();
        discharge();
        switch (end) {
            case COMPLETED -> {
                current.health().succeeded();
                books.decodeEstimate().observe(completionTokens);
                sample.complete(completionTokens, books.now());
                answered(completionTokens);
            }
            case FAILED -> {
                current.health().failed(books.now());
                sample.abandon();
            }
            case CANCELLED -> sample.abandon();
        }
        lease.end();
        books.control().served(fairnessId, promptTokens + 2.0 * Math.max(0, completionTokens));
        books.control().eased();
    }

    /** The server's cache has grown by the answer. */
    private void answered(long completionTokens) {
        PrefixSettings settings = schedule.prefixSettings();
        if (settings != null && completionTokens > 0) {
            books.reuse().answers().note(promptEnd, current.key().hashCode(), completionTokens);
            current.prefixes().grown(settings.blocks(completionTokens));
        }
    }

    @Override
    public void whenEvicted(Consumer<Refused> told) {
        lease.whenRevoked(() ->
                told.accept(
                        new Refused(
                                Reason.EVICTED,
                                "request evicted by flow control",
                                books.control().retryAfterSeconds())));
    }

    private void endCompanions() {
        if (companions != null) {
            companions.end();
        }
    }

    private void charge(InFlight load) {
        load.addPrefillTokens(prefillTokens);
        load.addDecodeTokens(decodeTokens);
    }

    private void discharge() {
        InFlight load = current.inFlight();
        if (inPrefill) {
            load.addPrefillTokens(-prefillTokens);
        }
        load.addDecodeTokens(-decodeTokens);
        load.removeRequest();
    }
}
