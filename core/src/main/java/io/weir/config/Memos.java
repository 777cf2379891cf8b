package io.weir.config;

import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** The results for all objects of a kind, in the order of the objects. */
final class Memos<S extends Resource, R> {

    private final List<Memo<S, R>> memos;

    private Memos(List<Memo<S, R>> memos) {
        this.memos = memos;
    }

    static <S extends Resource, R> Memos<S, R> none() {
        return new Memos<>(List.of());
    }

    /**
     * Returns the results for the objects of the next compilation: these where they hold.
     *
     * @param make makes the result for an object; gets the one before, null when there is none
     */
    Memos<S, R> next(List<S> objects, Facts facts, BiFunction<S, @Nullable R, R> make) {
        List<Memo<S, R>> next = new ArrayList<>(objects.size());
        boolean same = objects.size() == memos.size();
        int at = 0;
        for (S object : objects) {
            while (at < memos.size() && order(at, object) < 0) {
                at++;
            }
            boolean known = at < memos.size() && order(at, object) == 0;
            Memo<S, R> before = known ? memos.get(at++) : null;
            Memo<S, R> memo =
                    facts.memo(
                            before,
                            object,
                            () -> make.apply(object, before == null ? null : before.result()));
            same &= Memo.same(memo, before);
            next.add(memo);
        }
        return same ? this : new Memos<>(next);
    }

    void forEach(BiConsumer<S, R> consumer) {
        for (Memo<S, R> memo : memos) {
            consumer.accept(memo.subject(), memo.result());
        }
    }

    private int order(int index, S object) {
        S subject = memos.get(index).subject();
        return Memo.same(subject, object) ? 0 : ObjectSet.compare(subject, object);
    }
}
