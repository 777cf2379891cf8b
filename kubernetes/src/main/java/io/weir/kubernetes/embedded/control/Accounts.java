package io.weir.kubernetes.embedded.control;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.List;

/** Gives each namespace its service account {@code default}. */
public final class Accounts implements ChangeListener {

    private static final String NAME = "default";

    private final ApiClient client;

    public Accounts(ApiClient client) {
        this.client = client;
    }

    @Override
    public void changed(List<Change> changes) {
        for (Change change : changes) {
            ObjectNode object = change.object();
            String resource = change.kind().resource();
            boolean gone = change.type() == Change.Type.DELETED;
            if (resource.equals("namespaces") && !gone && !Trees.isDeleting(object)) {
                create(Trees.name(object));
            } else if (resource.equals("serviceaccounts")
                    && gone
                    && Trees.name(object).equals(NAME)) {
                create(Trees.namespace(object));
            }
        }
    }

    /** A namespace that has one, or is going, is left alone. */
    private void create(String namespace) {
        if (client.get("v1", "ServiceAccount", namespace, NAME).isPresent()) {
            return;
        }
        ObjectNode account = Trees.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
        Trees.metadata(account).put("name", NAME).put("namespace", namespace);
        try {
            client.create(account);
        } catch (ApiError e) {
            if (!e.isAlreadyExists() && !e.isNotFound() && !e.isForbidden()) {
                throw e;
            }
        }
    }
}
