package io.weir.extproc.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.weir.picker.external.ExternalPicker.Security;
import io.weir.tls.TrustAll;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Makes what gRPC wants to know of a picker's certificates. */
final class Credentials {

    private Credentials() {}

    static ChannelCredentials of(Security security) throws CredentialsException {
        return switch (security) {
            case Security.ClearText _ -> InsecureChannelCredentials.create();
            // Pickers make a certificate for themselves when they start: there is nothing to
            // verify.
            case Security.Unverified _ ->
                    TlsChannelCredentials.newBuilder().trustManager(new TrustAll()).build();
            case Security.Verified(String caPem, _) ->
                    caPem == null ? TlsChannelCredentials.create() : trusting(caPem);
        };
    }

    private static ChannelCredentials trusting(String caPem) throws CredentialsException {
        if (caPem.isBlank()) {
            throw new CredentialsException("no certificate is trusted");
        }
        try {
            var pem = new ByteArrayInputStream(caPem.getBytes(StandardCharsets.UTF_8));
            return TlsChannelCredentials.newBuilder().trustManager(pem).build();
        } catch (IOException e) {
            throw new CredentialsException("the certificates to trust can't be read: " + e);
        }
    }
}
