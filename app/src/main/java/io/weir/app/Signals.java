package io.weir.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.Proxy;
import java.util.concurrent.CountDownLatch;

/**
 * Waits for Ctrl-C or SIGTERM.
 *
 * <p>The first signal ends the wait, so that the program can finish in its own way and with exit
 * code 0; a second one ends the process at once.
 */
public final class Signals {

    private static final Logger log = LoggerFactory.getLogger(Signals.class);

    private final CountDownLatch received = new CountDownLatch(1);

    private Signals() {}

    /** Catches signals from now on. */
    public static Signals caught() {
        Signals signals = new Signals();
        signals.handle("INT");
        signals.handle("TERM");
        return signals;
    }

    /** Waits for the first signal. */
    public void await() throws InterruptedException {
        received.await();
    }

    private void receive() {
        if (received.getCount() == 0) {
            Runtime.getRuntime().halt(130);
        }
        received.countDown();
    }

    /** The class is supported but not meant to be compiled against, hence by reflection. */
    private void handle(String name) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object catcher =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (_, method, args) -> {
                                if (!method.getName().equals("handle")) {
                                    return method.invoke(this, args);
                                }
                                receive();
                                return null;
                            });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), catcher);
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.atWarn().addKeyValue("signal", name).setCause(e).log("can't catch signal");
        }
    }
}
