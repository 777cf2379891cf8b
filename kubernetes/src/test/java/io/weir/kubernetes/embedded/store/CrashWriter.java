package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes until it is killed and says what was acknowledged: {@code CrashWriter DIRECTORY INDEX...},
 * one writer for each index at which to begin. Operation {@code i} of a writer creates, replaces or
 * deletes one of its keys; which key and what is done follows from {@code i} alone.
 */
final class CrashWriter {

    static final int KEYS = 20;

    private CrashWriter() {}

    public static void main(String[] arguments) throws Exception {
        ObjectStore store = new ObjectStore(new FilePersistence(Path.of(arguments[0])));
        List<Thread> writers = new ArrayList<>();
        for (int writer = 0; writer + 1 < arguments.length; writer++) {
            int name = writer;
            int first = Integer.parseInt(arguments[writer + 1]);
            writers.add(Thread.ofPlatform().start(() -> write(store, name, first)));
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void write(ObjectStore store, int writer, int first) {
        for (int i = first; ; i++) {
            try {
                long version = operate(store, writer, i);
                acknowledge(writer + " " + i + " " + version + "\n");
            } catch (ObjectStore.VersionConflict e) {
                acknowledge("conflict " + writer + " " + i + "\n");
                return;
            }
        }
    }

    private static void acknowledge(String line) {
        synchronized (System.out) {
            System.out.print(line);
            System.out.flush();
        }
    }

    private static long operate(ObjectStore store, int writer, int i)
            throws ObjectStore.VersionConflict {
        Key key = key(writer, i);
        if (cycle(i) == 0) {
            return store.create(key, object(key, i), "").version();
        }
        long seen = store.get(key).map(Stored::version).orElse(0L);
        return cycle(i) == 1
                ? store.replace(key, seen, object(key, i), "").version()
                : store.delete(key, seen).version();
    }

    static Key key(int writer, int i) {
        return new Key("configmaps", "default", "w" + writer + "-" + i % KEYS);
    }

    /** Returns what the key holds after the operation; -1 when it is gone. */
    static int valueAfter(int i) {
        return i < 0 || cycle(i) == 2 ? -1 : i;
    }

    private static int cycle(int i) {
        return i / KEYS % 3;
    }

    private static ObjectNode object(Key key, int i) {
        ObjectNode object = Trees.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        Trees.metadata(object).put("namespace", key.namespace()).put("name", key.name());
        object.putObject("data").put("padding", "x".repeat(i % 700 + 1)).put("value", i);
        return object;
    }
}
