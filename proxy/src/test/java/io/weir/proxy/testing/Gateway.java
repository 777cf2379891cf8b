package io.weir.proxy.testing;

import io.netty.util.LeakPresenceDetector;
import io.weir.config.Snapshot;
import io.weir.picker.Endpoint;
import io.weir.picker.PoolPicker;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.proxy.ProxySettings;
import io.weir.telemetry.ExchangeRecord;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A data plane under test. */
public final class Gateway implements AutoCloseable {

    private final LinkedBlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();
    private final Map<String, PoolPicker> pickers = new ConcurrentHashMap<>();
    private final DataPlane plane;

    private Gateway(ProxySettings settings) {
        plane =
                new DataPlane(
                        settings,
                        key -> {
                            PoolPicker picker = pickers.get(key.name());
                            if (picker == null) {
                                throw new AssertionError("no picker for " + key);
                            }
                            return picker;
                        },
                        records::add);
    }

    /** Starts a data plane with default settings. */
    public static Gateway start(Config config) {
        return start(ProxySettings.DEFAULT, config);
    }

    /** Starts a data plane. */
    public static Gateway start(ProxySettings settings, Config config) {
        Gateway gateway = new Gateway(settings);
        gateway.apply(config.snapshot());
        return gateway;
    }

    /** Sets the picker of a pool. */
    public FakePicker pool(String name, TestServer... servers) {
        return pool(name, List.of(servers).stream().map(TestServer::endpoint).toList());
    }

    /** Sets the picker of a pool. */
    public FakePicker pool(String name, List<Endpoint> endpoints) {
        FakePicker picker = new FakePicker(endpoints);
        pickers.put(name, picker);
        return picker;
    }

    /** Sets the picker of a pool. */
    public void pool(String name, PoolPicker picker) {
        pickers.put(name, picker);
    }

    /** Applies a snapshot. */
    public void apply(Snapshot snapshot) {
        List<BindFailure> failures = plane.apply(snapshot);
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.toString());
        }
    }

    /** Returns the data plane. */
    public DataPlane plane() {
        return plane;
    }

    /** Returns the address of the first port. */
    public InetSocketAddress address() {
        return plane.serving().getFirst();
    }

    /** Connects a client. */
    public TestClient connect() throws IOException {
        return TestClient.connect(address());
    }

    /** Returns the next record; waits for it. */
    public ExchangeRecord record() throws InterruptedException {
        ExchangeRecord record = records.poll(10, TimeUnit.SECONDS);
        if (record == null) {
            throw new AssertionError("no record");
        }
        return record;
    }

    /** Returns how many records wait. */
    public int records() {
        return records.size();
    }

    /** Closes the data plane; fails when it has not given all buffers back. */
    @Override
    public void close() {
        plane.close();
        LeakPresenceDetector.check();
    }
}
