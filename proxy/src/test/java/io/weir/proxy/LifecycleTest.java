package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.picker.Pickers;
import io.weir.proxy.exchange.Exchange;
import io.weir.proxy.loop.Transport;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.LogCapture;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.telemetry.ExchangeObserver;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Snapshots that change and data planes that end. */
class LifecycleTest {

    private static final Pickers NO_PICKERS =
            key -> {
                throw new AssertionError(key);
            };

    /** Finds a port below those that the system gives out by itself: nobody takes it meanwhile. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket =
                    new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken: try another.
            }
        }
    }

    @Test
    void aSnapshotThatChangesUnderLoadFailsNoRequest() throws Exception {
        try (TestServer a = TestServer.named("a");
                TestServer b = TestServer.named("b");
                Gateway gateway = Gateway.start(config().rule("/", service(a)))) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger done = new AtomicInteger();
            ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(Thread.startVirtualThread(() -> ask(gateway, stop, done, failures)));
            }
            for (int i = 0; i < 100; i++) {
                gateway.apply(config().rule("/", service(i % 2 == 0 ? b : a)).snapshot());
                Thread.sleep(10);
            }
            stop.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
            assertThat(done.get()).isGreaterThan(100);
            assertThat(a.requests()).isNotEmpty();
            assertThat(b.requests()).isNotEmpty();
        }
    }

    private static void ask(
            Gateway gateway,
            AtomicBoolean stop,
            AtomicInteger done,
            ConcurrentLinkedQueue<String> failures) {
        try (TestClient client = gateway.connect()) {
            while (!stop.get()) {
                client.post("/", "{}");
                Wire.Message answer = client.read();
                if (answer.status() != 200) {
                    failures.add(answer.start());
                }
                done.incrementAndGet();
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    @Test
    void aStreamOutlivesTheSnapshotAndThePortItBeganWith() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                    go.await();
                    connection.chunk("data: 2\n\n");
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect();
                TestClient idle = gateway.connect()) {
            client.post("/", "{}");
            Wire.readHead(client.in());
            var address = gateway.address();

            gateway.apply(Snapshot.EMPTY);

            assertThat(gateway.plane().serving()).isEmpty();
            assertThat(idle.awaitClose()).isTrue();
            assertThatThrownBy(() -> TestClient.connect(address)).isInstanceOf(IOException.class);
            go.countDown();
            assertThat(client.in().readAllBytes()).asString().contains("data: 2");
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openConnections()).isZero());
        }
    }

    @Test
    void newPortsAreBoundAndOldOnesKept() throws Exception {
        int first = freePort();
        int second = freePort();
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().port(first).rule("/", service(server)));
                TestClient client = gateway.connect()) {
            Server one = config().port(first).rule("/", service(server)).server();
            Server two = config().port(second).rule("/", service(server)).server();
            gateway.apply(new Snapshot(2, List.of(two, one)));

            assertThat(gateway.plane().serving()).hasSize(2);
            client.get("/");
            assertThat(client.read().status()).isEqualTo(200);
            gateway.apply(new Snapshot(3, List.of(one)));
            client.get("/");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aPortInUseIsReportedAndTriedAgain() throws Exception {
        try (TestServer server = TestServer.named("ok");
                DataPlane plane =
                        new DataPlane(ProxySettings.DEFAULT, NO_PICKERS, ExchangeObserver.NONE)) {
            Snapshot snapshot;
            try (ServerSocket taken =
                    new ServerSocket(freePort(), 1, InetAddress.getLoopbackAddress())) {
                snapshot =
                        config().port(taken.getLocalPort()).rule("/", service(server)).snapshot();
                List<BindFailure> failures = plane.apply(snapshot);
                assertThat(failures).hasSize(1);
                assertThat(failures.getFirst().port()).isEqualTo(taken.getLocalPort());
                assertThat(failures.getFirst().reason()).containsIgnoringCase("in use");
            }
            assertThat(plane.apply(snapshot)).isEmpty();
            assertThat(plane.serving()).hasSize(1);
        }
    }

    @Test
    void httpsPortsAreRefusedWithAReason() {
        try (DataPlane plane =
                new DataPlane(ProxySettings.DEFAULT, NO_PICKERS, ExchangeObserver.NONE)) {
            Server https = new Server("127.0.0.1", 0, Server.Protocol.HTTPS, List.of());
            List<BindFailure> failures = plane.apply(new Snapshot(1, List.of(https)));
            assertThat(failures.getFirst().reason()).contains("HTTPS");
        }
    }

    @Test
    void nioServesToo() throws Exception {
        try (TestServer server = TestServer.named("nio");
                Gateway gateway =
                        Gateway.start(
                                ProxySettings.DEFAULT.withTransport(Transport.NIO),
                                config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", "{}");
            assertThat(client.read().text()).isEqualTo("nio");
        }
    }

    @Test
    void anObserverThatFailsHarmsNobody() throws Exception {
        ExchangeObserver failing =
                _ -> {
                    throw new IllegalStateException("observer fails on purpose");
                };
        try (LogCapture log = LogCapture.of(Exchange.class);
                TestServer server = TestServer.named("ok");
                DataPlane plane = new DataPlane(ProxySettings.DEFAULT, NO_PICKERS, failing)) {
            Config config = config().rule("/", service(server));
            plane.apply(config.snapshot());
            try (TestClient client = TestClient.connect(plane.serving().getFirst())) {
                client.post("/", "{}");
                assertThat(client.read().text()).isEqualTo("ok");
            }
            assertThat(log.lines())
                    .containsExactly("ERROR Observer failed: observer fails on purpose");
        }
    }

    @Test
    void aPickerThatFailsIsAnInternalErrorForOneRequest() throws Exception {
        try (LogCapture log = LogCapture.of(Exchange.class);
                TestServer server = TestServer.named("ok");
                DataPlane plane =
                        new DataPlane(ProxySettings.DEFAULT, NO_PICKERS, ExchangeObserver.NONE)) {
            plane.apply(
                    config().rule("/pool", Config.pool("p")).rule("/", service(server)).snapshot());
            try (TestClient client = TestClient.connect(plane.serving().getFirst())) {
                client.post("/pool", "{}");
                assertThat(client.read().status()).isEqualTo(500);
            }
            try (TestClient client = TestClient.connect(plane.serving().getFirst())) {
                client.post("/", "{}");
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .startsWith("ERROR Exchange broken: ");
        }
    }
}
