package io.weir.app.extproc;

import io.weir.resource.Problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Logs each problem when it comes up. Used by one thread at a time. */
public final class ProblemLog {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);

    private Set<Problem> known = Set.of();

    /** Logs the problems that were not there before. */
    public void tell(List<Problem> problems) {
        for (Problem problem : problems) {
            if (!known.contains(problem)) {
                LOG.atWarn().addKeyValue("object", problem.object()).log(problem.toString());
            }
        }
        known = new HashSet<>(problems);
    }
}
