package io.weir.kubernetes.embedded.store;

/** The data directory could not be read or written. The message names the file and the reason. */
public final class StorageException extends RuntimeException {

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
