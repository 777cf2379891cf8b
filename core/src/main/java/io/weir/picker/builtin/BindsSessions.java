package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;

import java.util.function.Consumer;

/** A plugin that binds sessions to the endpoints that were picked for them. */
sealed interface BindsSessions extends PickObserver
        permits SessionAffinityFilter, SessionAffinityScorer {

    /** Returns how sessions are bound. */
    SessionAffinity affinity();

    @Override
    default void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        affinity().picked(context, chosen);
    }

    @Override
    default void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {
        affinity().answerHeaders(chosen, headers);
    }

    @Override
    default boolean readsServerLoad() {
        return false;
    }
}
