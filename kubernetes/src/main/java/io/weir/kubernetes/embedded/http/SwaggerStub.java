package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;

import io.weir.kubernetes.embedded.object.Trees;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * OpenAPI version 2 without any types. Clients ask for it when version 3 knows a kind not, and take
 * a kind that is in neither for one that can't be checked before it is sent.
 */
final class SwaggerStub {

    private static final String BINARY =
            "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private SwaggerStub() {}

    static void reply(Call call) throws IOException {
        if (call.header("Accept").contains("protobuf")) {
            call.reply(200, BINARY, binary());
        } else {
            ObjectNode document = Trees.object().put("swagger", "2.0");
            document.putObject("info").put("title", "Kubernetes").put("version", ApiVersion.GIT);
            document.putObject("paths");
            call.reply(200, document);
        }
    }

    /** Fields 1, 2 and 8 of the document are the language, the title and the paths. */
    private static byte[] binary() throws IOException {
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        CodedOutputStream infoOut = CodedOutputStream.newInstance(info);
        infoOut.writeString(1, "Kubernetes");
        infoOut.writeString(2, ApiVersion.GIT);
        infoOut.flush();
        ByteArrayOutputStream document = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(document);
        out.writeString(1, "2.0");
        out.writeByteArray(2, info.toByteArray());
        out.writeByteArray(8, new byte[0]);
        out.flush();
        return document.toByteArray();
    }
}
