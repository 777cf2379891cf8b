package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;

import org.jspecify.annotations.Nullable;

/** A request that is refused. */
public final class RequestException extends Exception {

    private final int status;
    private final @Nullable String param;

    /**
     * @param status HTTP status
     * @param message what is wrong
     * @param param the key to blame, or null
     */
    public RequestException(int status, String message, @Nullable String param) {
        super(message, null, false, false);
        this.status = status;
        this.param = param;
    }

    /** 400: the request is wrong. */
    public static RequestException invalid(String message, @Nullable String param) {
        return new RequestException(400, message, param);
    }

    /** 400: the body is not JSON. */
    public static RequestException malformed(JsonProcessingException e) {
        JsonLocation place = e.getLocation();
        String where =
                place == null
                        ? ""
                        : " at line " + place.getLineNr() + ", column " + place.getColumnNr();
        return invalid("Invalid JSON" + where + ".", null);
    }

    /** 404: there is no such model. */
    public static RequestException noModel(String model) {
        return new RequestException(404, "The model `" + model + "` does not exist.", "model");
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns the body. */
    public byte[] body() {
        return ErrorBody.render(status, String.valueOf(getMessage()), param);
    }
}
