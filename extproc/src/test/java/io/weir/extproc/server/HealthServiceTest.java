package io.weir.extproc.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What probes and proxies are told of a picker's health, over a real gRPC channel. */
class HealthServiceTest {

    private final AtomicBoolean ready = new AtomicBoolean();
    private final HealthService health = new HealthService(ready::get);
    private ExtProcServer server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = ExtProcServer.start(new ServerSettings(any, null, 4 << 20), List.of(health));
        channel = NettyChannelBuilder.forAddress(server.address()).usePlaintext().build();
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    private ServingStatus check(String service) {
        HealthCheckRequest request = HealthCheckRequest.newBuilder().setService(service).build();
        return HealthGrpc.newBlockingStub(channel).check(request).getStatus();
    }

    @Test
    void aProcessThatLivesIsLive() {
        assertThat(check("liveness")).isEqualTo(ServingStatus.SERVING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "readiness",
                "envoy.service.ext_proc.v3.ExternalProcessor",
                "inference-extension",
                "whatever a probe calls it"
            })
    void everyOtherNameSaysWhetherRequestsAreServed(String service) {
        assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);

        ready.set(true);

        assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    }

    @Test
    void watchersAreToldOfEveryChangeOnce() {
        HealthCheckRequest request =
                HealthCheckRequest.newBuilder().setService("readiness").build();
        Iterator<HealthCheckResponse> told = HealthGrpc.newBlockingStub(channel).watch(request);
        assertThat(told.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);

        ready.set(true);
        health.refresh();
        health.refresh();
        assertThat(told.next().getStatus()).isEqualTo(ServingStatus.SERVING);

        ready.set(false);
        health.refresh();
        assertThat(told.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    }
}
