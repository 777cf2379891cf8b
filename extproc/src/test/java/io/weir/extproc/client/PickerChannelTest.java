package io.weir.extproc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.weir.extproc.picker.PickerOptions;
import io.weir.extproc.picker.PickerService;
import io.weir.extproc.testing.RegisteredTarget;
import io.weir.picker.PickerSettings;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Weir's own picker at the other end, and TLS. */
class PickerChannelTest {

    private static PickerService own(PickerRegistry registry, Pool pool, ExchangeObserver seen) {
        registry.apply(Map.of(pool.key(), new PoolSpec(pool.endpoints(), PickerSettings.DEFAULT)));
        return new PickerService(
                new RegisteredTarget(pool, registry), PickerOptions.DEFAULTS, seen);
    }

    @Test
    void weirsOwnPickerServesAsAnExternalOne() throws Exception {
        List<ExchangeRecord> seen = new CopyOnWriteArrayList<>();
        try (Rig rig = new Rig();
                PickerRegistry registry = PickerRegistry.create(EndpointWatch.NONE)) {
            rig.start(own(registry, rig.pool(), seen::add));
            for (int i = 0; i < 20; i++) {
                HttpResponse<String> answer = rig.post();
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(Rig.BODY);
            }
            await().until(() -> seen.size() == 20);
            assertThat(seen).allMatch(record -> record.status == 200);
        }
    }

    private static X509Bundle certificate(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName(name)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private static ServerCredentials credentials(X509Bundle bundle) throws IOException {
        return TlsServerCredentials.create(
                stream(bundle.getCertificatePathPEM()), stream(bundle.getPrivateKeyPEM()));
    }

    private static ByteArrayInputStream stream(String pem) {
        return new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8));
    }

    private static int tlsPicker(Rig rig, X509Bundle bundle) throws Exception {
        ScriptedPicker picker =
                new ScriptedPicker().playNew(() -> ScriptedPicker.reference(rig.first.authority()));
        return rig.serve(picker, 0, credentials(bundle)).getPort();
    }

    @Test
    void tlsIsNotVerifiedUnlessAskedFor() throws Exception {
        try (Rig rig = new Rig().annotate("picker-tls", "unverified")) {
            rig.startAt(tlsPicker(rig, certificate("whoever.example")));
            assertThat(rig.post().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void anAuthorityThatIsNamedMustHaveSignedForTheService() throws Exception {
        X509Bundle right = certificate("epp.default.svc");
        X509Bundle otherName = certificate("other.default.svc");
        assertThat(verified(right, right)).isEqualTo(200);
        assertThat(verified(certificate("epp.default.svc"), right)).isEqualTo(503);
        assertThat(verified(otherName, otherName)).isEqualTo(503);
    }

    private static int verified(X509Bundle shown, X509Bundle trusted) throws Exception {
        try (Rig rig =
                new Rig()
                        .annotate("picker-tls", "verified")
                        .annotate("picker-ca", "ca")
                        .with(configMap(trusted))) {
            rig.startAt(tlsPicker(rig, shown));
            return rig.post().statusCode();
        }
    }

    @Test
    void aPolicyForTheServiceIsKept() throws Exception {
        X509Bundle right = certificate("epp.example.com");
        assertThat(withPolicy(right, right)).isEqualTo(200);
        assertThat(withPolicy(certificate("epp.example.com"), right)).isEqualTo(503);
        X509Bundle otherName = certificate("epp.default.svc");
        assertThat(withPolicy(otherName, otherName)).isEqualTo(503);
    }

    private static int withPolicy(X509Bundle shown, X509Bundle trusted) throws Exception {
        String policy =
                """
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: BackendTLSPolicy
                metadata: {name: tls}
                spec:
                  targetRefs: [{group: "", kind: Service, name: epp}]
                  validation:
                    hostname: epp.example.com
                    caCertificateRefs: [{group: "", kind: ConfigMap, name: ca}]
                """;
        try (Rig rig = new Rig().defaultSecurity().with(policy + configMap(trusted))) {
            rig.startAt(tlsPicker(rig, shown));
            return rig.post().statusCode();
        }
    }

    private static String configMap(X509Bundle bundle) {
        String pem = Objects.requireNonNull(bundle.getCertificatePathPEM());
        return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca}\ndata:\n  ca.crt: |\n"
                + pem.indent(4);
    }

    @Test
    void loadGoesOverAllEndpointsAndFollowsTheirChanges() throws Exception {
        try (Rig rig = new Rig()) {
            ScriptedPicker one =
                    new ScriptedPicker()
                            .playNew(() -> ScriptedPicker.reference(rig.first.authority()));
            ScriptedPicker two =
                    new ScriptedPicker()
                            .playNew(() -> ScriptedPicker.reference(rig.second.authority()));
            rig.start(one);
            assertThat(rig.post().statusCode()).isEqualTo(200);
            assertThat(one.streams()).isEqualTo(1);
            rig.alsoAt(rig.serve(two, 0, InsecureServerCredentials.create()).getPort());
            await().until(() -> rig.post().statusCode() == 200 && two.streams() > 0);
            int before = one.streams();
            for (int i = 0; i < 20; i++) {
                assertThat(rig.post().statusCode()).isEqualTo(200);
            }
            assertThat(one.streams() - before).isBetween(9, 11);
        }
    }
}
