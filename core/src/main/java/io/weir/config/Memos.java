package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/**
 * The results for all objects of a kind, in the order of the objects. Immutable. The next ones cost
 * a glance at each object, and work for those that changed or asked about something that did.
 */
final class Memos<S extends Resource, R> {

    /** Up to one in so many objects it is cheaper to search for each. */
    private static final int FEW = 16;

    private final List<S> subjects;
    private final List<Memo<S, R>> memos;
    private final List<Memo<S, R>> withFindings;
    private final Readers<ObjectKey> readers;

    private Memos(
            List<S> subjects,
            List<Memo<S, R>> memos,
            List<Memo<S, R>> withFindings,
            Readers<ObjectKey> readers) {
        this.subjects = subjects;
        this.memos = memos;
        this.withFindings = withFindings;
        this.readers = readers;
    }

    static <S extends Resource, R> Memos<S, R> none() {
        return new Memos<>(List.of(), List.of(), List.of(), Readers.none());
    }

    /**
     * Results of the next compilation.
     *
     * @param memos all of them
     * @param changes those that are different
     */
    record Next<S extends Resource, R>(Memos<S, R> memos, List<Change<S, R>> changes) {}

    /**
     * One different result.
     *
     * @param before null when the object is new
     * @param now null when the object is gone
     */
    record Change<S, R>(@Nullable Memo<S, R> before, @Nullable Memo<S, R> now) {
        /** Returns the object, as it is or was. */
        S subject() {
            return now != null ? now.subject() : java.util.Objects.requireNonNull(before).subject();
        }
    }

    /**
     * Returns the results for the objects of the next compilation: these where they hold. Problems
     * are told in the order of the objects, whatever is made anew.
     *
     * @param make makes the result for an object; gets the one before, null when there is none
     */
    Next<S, R> next(
            List<S> objects, Facts facts, ProblemLog problems, BiFunction<S, @Nullable R, R> make) {
        BitSet doubted = doubted(facts);
        if (Memo.same(objects, subjects) && doubted.isEmpty()) {
            withFindings.forEach(memo -> problems.addAll(memo.findings()));
            return new Next<>(this, List.of());
        }
        int mark = problems.size();
        var changed = new ArrayList<Change<S, R>>();
        List<Memo<S, R>> next = new ArrayList<>(objects.size());
        int at = 0;
        for (S object : objects) {
            while (at < subjects.size() && order(at, object) < 0) {
                changed.add(new Change<>(memos.get(at++), null));
            }
            boolean known = at < subjects.size() && order(at, object) == 0;
            Memo<S, R> before = known ? memos.get(at) : null;
            boolean kept =
                    before != null && Memo.same(subjects.get(at), object) && !doubted.get(at);
            at += known ? 1 : 0;
            Memo<S, R> memo = kept ? before : memo(before, object, facts, make);
            if (!Memo.same(memo, before)) {
                changed.add(new Change<>(before, memo));
            }
            next.add(memo);
        }
        memos.subList(at, memos.size()).forEach(gone -> changed.add(new Change<>(gone, null)));
        problems.forgetSince(mark);
        Memos<S, R> result = changed.isEmpty() ? this : changed(objects, next, changed);
        result.withFindings.forEach(memo -> problems.addAll(memo.findings()));
        return new Next<>(result, changed);
    }

    private static <S extends Resource, R> Memo<S, R> memo(
            @Nullable Memo<S, R> before,
            S object,
            Facts facts,
            BiFunction<S, @Nullable R, R> make) {
        R known = before == null ? null : before.result();
        return facts.memo(before, object, () -> make.apply(object, known));
    }

    /** Returns the places of those that asked about something that was touched. */
    private BitSet doubted(Facts facts) {
        BitSet doubted = new BitSet(subjects.size());
        Set<ObjectKey> found = readers.of(facts.touched());
        if (found.size() < subjects.size() / FEW) {
            found.forEach(reader -> doubted.set(ObjectSet.indexOf(subjects, reader)));
            return doubted;
        }
        for (int i = 0; i < subjects.size(); i++) {
            doubted.set(i, found.contains(subjects.get(i).key()));
        }
        return doubted;
    }

    private Memos<S, R> changed(
            List<S> objects, List<Memo<S, R>> next, List<Change<S, R>> changes) {
        Readers<ObjectKey> asking = readers;
        boolean found = false;
        for (Change<S, R> change : changes) {
            Memo<S, R> before = change.before();
            Memo<S, R> now = change.now();
            asking =
                    asking.replaced(
                            change.subject().key(),
                            before == null ? List.of() : before.reads(),
                            now == null ? List.of() : now.reads());
            found |= before != null && !before.findings().isEmpty();
            found |= now != null && !now.findings().isEmpty();
        }
        List<Memo<S, R>> findings =
                found
                        ? next.stream().filter(memo -> !memo.findings().isEmpty()).toList()
                        : withFindings;
        return new Memos<>(objects, next, findings, asking);
    }

    /** Returns whether anybody asked about a topic. */
    boolean isRead(Topic topic) {
        return readers.isRead(topic);
    }

    void forEach(BiConsumer<S, R> consumer) {
        for (Memo<S, R> memo : memos) {
            consumer.accept(memo.subject(), memo.result());
        }
    }

    private int order(int index, S object) {
        S subject = subjects.get(index);
        return Memo.same(subject, object) ? 0 : ObjectSet.compare(subject, object);
    }
}
