package io.weir.picker.external;

import java.util.function.BiConsumer;

/** Headers in order, pseudo headers included. */
@FunctionalInterface
public interface HeaderList {

    /** Names and values, one call for each header line. */
    void forEach(BiConsumer<String, String> sink);
}
