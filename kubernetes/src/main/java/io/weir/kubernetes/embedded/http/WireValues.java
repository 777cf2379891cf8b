package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.time.Instant;

/** The values of the binary form that are messages there and scalars in JSON. */
final class WireValues {

    private WireValues() {}

    /** Seconds and nanoseconds; null when there is no time. */
    static JsonNode time(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        long seconds = 0;
        long nanos = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> seconds = in.readInt64();
                case 2 -> nanos = in.readInt64();
                default -> in.skipField(tag);
            }
        }
        var nodes = Trees.JSON.getNodeFactory();
        return bytes.isEmpty()
                ? nodes.nullNode()
                : nodes.textNode(Instant.ofEpochSecond(seconds, nanos).toString());
    }

    /** The text of a quantity. */
    static JsonNode quantity(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        String text = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                text = in.readStringRequireUtf8();
            } else {
                in.skipField(tag);
            }
        }
        return Trees.JSON.getNodeFactory().textNode(text);
    }

    /** A type, and a number or a text. */
    static JsonNode intOrString(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        long type = 0;
        long number = 0;
        String text = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> type = in.readInt64();
                case 2 -> number = in.readInt64();
                case 3 -> text = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
        var nodes = Trees.JSON.getNodeFactory();
        return type == 0 ? nodes.numberNode(number) : nodes.textNode(text);
    }

    /** JSON inside a message, as owned fields have it. */
    static JsonNode raw(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        JsonNode value = Trees.object();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                value = Trees.JSON.readTree(in.readByteArray());
            } else {
                in.skipField(tag);
            }
        }
        return value;
    }
}
