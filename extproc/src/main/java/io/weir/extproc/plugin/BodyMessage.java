package io.weir.extproc.plugin;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

/**
 * A request or an answer in the hands of a plugin, which must not keep it. A body that no plugin
 * changes passes byte for byte; one whose fields change is written anew, in the same order.
 */
public interface BodyMessage {

    /**
     * Returns a header as it is now, several values joined by commas; null when there is none. The
     * method, the path and an answer's status are {@code :method}, {@code :path} and {@code
     * :status}.
     *
     * @param name name, lower case
     */
    @Nullable String header(String name);

    /**
     * Sets a header; a value that a header can't hold removes it.
     *
     * @param name name, lower case
     */
    void setHeader(String name, String value);

    /**
     * Removes a header.
     *
     * @param name name, lower case
     */
    void removeHeader(String name);

    /** Returns the body as it is now. */
    String body();

    /** Replaces the body. */
    void setBody(String body);

    /** Returns a top-level field, not to be changed; null when there is none. */
    @Nullable JsonNode field(String name);

    /** Sets a top-level field; a new one goes to the end. */
    void setField(String name, JsonNode value);

    /** Removes a top-level field. */
    void removeField(String name);

    /** Keeps something from the request for its answer and for later plugins. */
    <T> void keep(Class<T> type, T value);

    /** Returns what was kept; null when nothing was. */
    <T> @Nullable T kept(Class<T> type);
}
