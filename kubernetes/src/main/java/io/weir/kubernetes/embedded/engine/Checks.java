package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.FieldPath;
import io.weir.kubernetes.embedded.schema.Validator;
import io.weir.kubernetes.embedded.schema.rule.Rules;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Refuses objects that are not valid. */
final class Checks {

    private final Rules rules;
    private final List<Admission> admissions;

    Checks(Rules rules, List<Admission> admissions) {
        this.rules = rules;
        this.admissions = List.copyOf(admissions);
    }

    /**
     * Checks an object before it is stored.
     *
     * @return what the writer should know
     * @throws ApiError 422 with everything that is wrong
     */
    List<String> check(
            Served served,
            KindRules kindRules,
            ObjectNode object,
            @Nullable ObjectNode old,
            String subresource,
            String file) {
        List<FieldError> errors = new ArrayList<>();
        MetadataRules.validate(served.info(), kindRules, object, old, errors);
        errors.addAll(Validator.validate(served.schema(), object, FieldPath.ROOT));
        if (errors.isEmpty()) {
            kindRules.validate(object, old, errors);
        }
        if (errors.isEmpty()) {
            errors.addAll(rules.check(served.schema(), object, old, FieldPath.ROOT));
        }
        List<String> warnings = new ArrayList<>();
        if (errors.isEmpty()) {
            Admission.Review review =
                    new Admission.Review(served.info(), object, old, subresource, file);
            for (Admission admission : admissions) {
                Admission.Verdict verdict = admission.review(review);
                errors.addAll(verdict.errors());
                warnings.addAll(verdict.warnings());
            }
        }
        if (!errors.isEmpty()) {
            throw ApiError.invalid(served.info().kindSubject(Trees.name(object)), errors);
        }
        return warnings;
    }
}
