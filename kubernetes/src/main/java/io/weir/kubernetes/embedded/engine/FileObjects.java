package io.weir.kubernetes.embedded.engine;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.store.Stored;

/** Objects that come from files are changed in their files. */
final class FileObjects {

    private FileObjects() {}

    /** Refuses a write over the API to an object of a file; its status may be written. */
    static void requireWritable(Ref ref, Stored old, String subresource, WriteOptions options) {
        if (old.isFromFile() && options.file().isEmpty() && !subresource.equals("status")) {
            throw refusal(ref, old.file());
        }
    }

    static ApiError refusal(Ref ref, String file) {
        return ApiError.forbidden(
                ref.served().info().subject(ref.name()),
                "the object comes from the file " + file + "; change it there");
    }
}
