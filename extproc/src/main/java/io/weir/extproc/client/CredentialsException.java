package io.weir.extproc.client;

/** A picker's certificates to trust can't be used. */
final class CredentialsException extends Exception {

    private static final long serialVersionUID = 1L;

    CredentialsException(String message) {
        super(message);
    }
}
