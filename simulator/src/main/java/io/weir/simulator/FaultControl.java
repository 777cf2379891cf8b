package io.weir.simulator;

import io.netty.channel.EventLoop;
import io.weir.simulator.Faults.Failure;
import io.weir.simulator.engine.Engine;
import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.wire.RequestException;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Lets go wrong what should. Belongs to the server's event loop. */
final class FaultControl {

    private final Engine engine;
    private final RandomGenerator random;
    private final EventLoop loop;
    private Faults faults;

    FaultControl(Faults faults, Engine engine, RandomGenerator random, EventLoop loop) {
        this.engine = engine;
        this.random = random;
        this.loop = loop;
        this.faults = faults;
        engine.slowDown(faults.slowFactor());
    }

    Faults get() {
        return faults;
    }

    void set(Faults newFaults) {
        faults = newFaults;
        engine.slowDown(newFaults.slowFactor());
    }

    /** Returns after how many tokens a stream that begins now is cut; -1 for never. */
    int cutAfterChunks() {
        return faults.cutAfterChunks() >= 0 && strikes() ? faults.cutAfterChunks() : -1;
    }

    /** Hands a request on, unless something goes wrong before. */
    void pass(HttpRequest request, Exchange exchange, Handler next) throws RequestException {
        Faults now = faults;
        boolean struck = strikes();
        if (struck && now.reset()) {
            exchange.reset();
        } else if (struck && !now.stall().isZero()) {
            Runnable after = () -> passLate(now, request, exchange, next);
            loop.schedule(after, now.stall().toNanos(), TimeUnit.NANOSECONDS);
        } else {
            refuse(now, struck, request);
            next.handle(request, exchange);
        }
    }

    private void passLate(Faults now, HttpRequest request, Exchange exchange, Handler next) {
        if (exchange.hasEnded()) {
            return;
        }
        try {
            refuse(now, true, request);
            next.handle(request, exchange);
        } catch (RequestException e) {
            Replies.error(exchange, e);
        }
    }

    private void refuse(Faults now, boolean struck, HttpRequest request) throws RequestException {
        if (struck && now.status() != 0) {
            throw new RequestException(now.status(), "This server was told to fail.", null);
        }
        refuseOnDemand(request);
        if (random.nextInt(100) < now.failurePercent()) {
            List<Failure> types =
                    now.failureTypes().isEmpty() ? List.of(Failure.values()) : now.failureTypes();
            throw exception(types.get(random.nextInt(types.size())));
        }
    }

    private static void refuseOnDemand(HttpRequest request) throws RequestException {
        String wanted = request.header("x-return-error");
        if (wanted == null) {
            return;
        }
        try {
            int status = Integer.parseInt(wanted.strip());
            if (status >= 200 && status <= 599) {
                throw new RequestException(status, "The request asked for this error.", null);
            }
        } catch (NumberFormatException _) {
            // said below
        }
        throw RequestException.invalid("X-Return-Error: " + wanted + " (expected: 200..599)", null);
    }

    private static RequestException exception(Failure failure) {
        return switch (failure) {
            case RATE_LIMIT -> new RequestException(429, "Rate limit reached.", null);
            case INVALID_API_KEY -> new RequestException(401, "Incorrect API key provided.", null);
            case CONTEXT_LENGTH ->
                    RequestException.invalid(
                            "This model's maximum context length is exceeded.", "messages");
            case SERVER_ERROR ->
                    new RequestException(503, "The server is overloaded or not ready yet.", null);
            case INVALID_REQUEST -> RequestException.invalid("Invalid request.", "model");
            case MODEL_NOT_FOUND -> new RequestException(404, "The model does not exist.", "model");
        };
    }

    private boolean strikes() {
        return faults.strikePercent() >= 100 || random.nextInt(100) < faults.strikePercent();
    }
}
