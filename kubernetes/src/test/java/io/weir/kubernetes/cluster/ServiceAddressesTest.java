package io.weir.kubernetes.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.status.StatusSink;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

class ServiceAddressesTest {

    private static final ObjectKey SERVICE = new ObjectKey("", "Service", "weir-system", "weir");
    private static final ObjectKey GATEWAY =
            new ObjectKey("gateway.networking.k8s.io", "Gateway", "default", "inference-gateway");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'LoadBalancer','clusterIP':'10.1.0.1'} | {} | ''",
                "{'type':'LoadBalancer','clusterIP':'10.1.0.1'}"
                        + "| {'loadBalancer':{'ingress':[{'ip':'203.0.113.7'}]}} | 203.0.113.7",
                "{'type':'LoadBalancer'} | {'loadBalancer':{'ingress':[{'hostname':'lb.example'}]}}"
                        + "| lb.example",
                "{'type':'NodePort','clusterIP':'10.1.0.1'} | {} | 192.0.2.4",
                "{'type':'ClusterIP','clusterIP':'10.1.0.1'} | {} | 10.1.0.1",
                "{'type':'ClusterIP','clusterIP':'None'} | {} | ''",
                "{'type':'ClusterIP','clusterIP':'10.1.0.1','externalIPs':['198.51.100.2']} | {}"
                        + "| 198.51.100.2"
            })
    void aGatewayHasTheAddressesOfTheService(String spec, String status, String address) {
        ObjectNode service = Trees.object();
        service.set("spec", tree(spec));
        service.set("status", tree(status));
        ServiceAddresses addresses = new ServiceAddresses(SERVICE, "192.0.2.4", holding(service));

        List<String> found = addresses.of(GATEWAY, List.of("0.0.0.0"), List.of());

        assertThat(found).isEqualTo(address.isEmpty() ? List.of() : List.of(address));
    }

    private static ObjectNode tree(String text) {
        return (ObjectNode) Trees.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static StatusSink holding(ObjectNode service) {
        return new StatusSink() {
            @Override
            public Optional<ObjectNode> find(ObjectKey key) {
                return key.equals(SERVICE) ? Optional.of(service) : Optional.empty();
            }

            @Override
            public Optional<ObjectNode> write(ObjectNode object, ObjectNode status) {
                throw new AssertionError("nothing is to be written");
            }

            @Override
            public void record(ObjectNode event) {
                throw new AssertionError("nothing is to be told");
            }
        };
    }
}
