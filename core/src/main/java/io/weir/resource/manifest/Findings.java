package io.weir.resource.manifest;

import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;

import java.util.ArrayList;
import java.util.List;

/** The problems of one object while it is decoded. */
final class Findings {

    /** The most problems that are told of one object. */
    static final int MAX = 100;

    private final LineIndex lines;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Fields> opened = new ArrayList<>();
    private String object = "";
    private int errors;

    Findings(LineIndex lines) {
        this.lines = lines;
    }

    LineIndex lines() {
        return lines;
    }

    /** Names the object, for messages from now on. */
    void identify(String objectName) {
        this.object = objectName;
    }

    void error(FieldPath field, String message) {
        add(Severity.ERROR, lines.origin(field), field, message);
    }

    void errorAt(Origin origin, FieldPath field, String message) {
        add(Severity.ERROR, origin, field, message);
    }

    void warning(FieldPath field, String message) {
        add(Severity.WARNING, lines.origin(field), field, message);
    }

    private void add(Severity severity, Origin origin, FieldPath field, String message) {
        boolean error = severity == Severity.ERROR;
        errors += error ? 1 : 0;
        boolean enough = error ? errors > MAX : problems.size() >= MAX;
        if (!enough) {
            problems.add(new Problem(severity, origin, object, field.toString(), message));
        }
    }

    /** Remembers a map whose fields are read, to look later for fields that nobody asked for. */
    void opened(Fields fields) {
        opened.add(fields);
    }

    /** Remarks on fields that nobody asked for and returns everything found, in line order. */
    List<Problem> close() {
        opened.forEach(Fields::remarkUnknown);
        problems.sort((a, b) -> Integer.compare(a.origin().line(), b.origin().line()));
        return List.copyOf(problems);
    }

    boolean failed() {
        return errors > 0;
    }

    /** Returns the number of errors so far. */
    int errors() {
        return errors;
    }
}
