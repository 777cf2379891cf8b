package io.weir.app.tracing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.sun.net.httpserver.HttpServer;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A collector on the loopback address that keeps what it is told, over HTTP and over gRPC. */
final class OtlpCollector implements AutoCloseable {

    /**
     * A span.
     *
     * @param parent the parent's id; empty when there is none
     * @param status 0 unset, 1 ok, 2 error
     */
    record Told(
            String trace,
            String id,
            String parent,
            String name,
            int kind,
            long startNanos,
            long endNanos,
            Map<String, String> attributes,
            int status,
            Map<String, String> resource) {}

    private final List<Told> spans = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final HttpServer http;
    private final Server grpc;

    private OtlpCollector() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        http = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        http.createContext(
                "/v1/traces",
                exchange -> {
                    keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("api-key")));
                    take(exchange.getRequestBody().readAllBytes());
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        http.start();
        grpc =
                NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
                        .addService(service())
                        .build()
                        .start();
    }

    static OtlpCollector start() throws IOException {
        return new OtlpCollector();
    }

    private ServerServiceDefinition service() {
        String name = "opentelemetry.proto.collector.trace.v1.TraceService";
        MethodDescriptor<byte[], byte[]> export =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(name + "/Export")
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(new Bytes())
                        .build();
        return ServerServiceDefinition.builder(name)
                .addMethod(export, ServerCalls.asyncUnaryCall(this::export))
                .build();
    }

    private void export(byte[] request, StreamObserver<byte[]> reply) {
        take(request);
        reply.onNext(new byte[0]);
        reply.onCompleted();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    String httpUrl() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    String grpcUrl() {
        return "http://127.0.0.1:" + grpc.getPort();
    }

    List<Told> spans() {
        return spans;
    }

    /** Returns what was sent in the header {@code api-key}. */
    List<String> keys() {
        return keys;
    }

    /** Returns the only span of a name, or of a name that begins so. */
    Told span(String name) {
        List<Told> found = spans.stream().filter(span -> span.name().startsWith(name)).toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " spans " + name + " among " + spans);
        }
        return found.getFirst();
    }

    boolean has(String name) {
        return spans.stream().anyMatch(span -> span.name().startsWith(name));
    }

    /** Reads an ExportTraceServiceRequest (opentelemetry-proto, trace/v1/trace.proto). */
    private void take(byte[] request) {
        for (UnknownFieldSet of : messages(parse(ByteString.copyFrom(request)), 1)) {
            Map<String, String> resource = new TreeMap<>();
            messages(of, 1).forEach(about -> resource.putAll(attributes(about, 1)));
            for (UnknownFieldSet scope : messages(of, 2)) {
                messages(scope, 2).forEach(span -> spans.add(told(span, resource)));
            }
        }
    }

    private static Told told(UnknownFieldSet span, Map<String, String> resource) {
        int status =
                messages(span, 15).stream()
                        .mapToInt(set -> (int) number(set, 3))
                        .findAny()
                        .orElse(0);
        return new Told(
                hex(span, 1),
                hex(span, 2),
                hex(span, 4),
                text(span, 5),
                (int) number(span, 6),
                span.getField(7).getFixed64List().getFirst(),
                span.getField(8).getFixed64List().getFirst(),
                attributes(span, 9),
                status,
                resource);
    }

    private static Map<String, String> attributes(UnknownFieldSet of, int field) {
        Map<String, String> all = new TreeMap<>();
        for (UnknownFieldSet pair : messages(of, field)) {
            all.put(text(pair, 1), value(messages(pair, 2).getFirst()));
        }
        return all;
    }

    private static String value(UnknownFieldSet any) {
        if (any.hasField(1)) {
            return text(any, 1);
        }
        if (any.hasField(2)) {
            return Boolean.toString(number(any, 2) == 1);
        }
        if (any.hasField(4)) {
            long bits = any.getField(4).getFixed64List().getFirst();
            return Double.toString(Double.longBitsToDouble(bits));
        }
        return Long.toString(number(any, 3));
    }

    private static long number(UnknownFieldSet of, int field) {
        List<Long> values = of.getField(field).getVarintList();
        return values.isEmpty() ? 0 : values.getFirst();
    }

    private static String text(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().getFirst().toStringUtf8();
    }

    private static String hex(UnknownFieldSet of, int field) {
        List<ByteString> values = of.getField(field).getLengthDelimitedList();
        return values.isEmpty() ? "" : HexFormat.of().formatHex(values.getFirst().toByteArray());
    }

    private static List<UnknownFieldSet> messages(UnknownFieldSet of, int field) {
        return of.getField(field).getLengthDelimitedList().stream()
                .map(OtlpCollector::parse)
                .toList();
    }

    private static UnknownFieldSet parse(ByteString bytes) {
        try {
            return UnknownFieldSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        http.stop(0);
        grpc.shutdownNow();
    }
}
