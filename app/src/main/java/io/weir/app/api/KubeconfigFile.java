package io.weir.app.api;

import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.Kubeconfig;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.kind.KindInfo;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kubeconfig that users are told of. Its address changes with the list of kinds, because
 * kubectl keeps that list for hours; everything else in it, for instance a namespace that the user
 * has set, is left alone. Written at the start, and then on the feed's thread.
 */
final class KubeconfigFile implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(KubeconfigFile.class);

    private final EmbeddedApi server;
    private final Path file;
    private String url;

    private KubeconfigFile(EmbeddedApi server, Path file, String url) {
        this.server = server;
        this.file = file;
        this.url = url;
    }

    static KubeconfigFile write(EmbeddedApi server, Path file) throws IOException {
        KubeconfigFile written = new KubeconfigFile(server, file, server.kubectlUrl().toString());
        Kubeconfig plain = server.kubeconfig();
        new Kubeconfig(server.kubectlUrl(), plain.authorityPem(), plain.token()).write(file);
        return written;
    }

    Path path() {
        return file;
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().map(Change::kind).anyMatch(KubeconfigFile::bearsOnKinds)) {
            follow();
        }
    }

    /** The first object of a kind that several groups have brings its group to the front. */
    private static boolean bearsOnKinds(KindInfo kind) {
        return kind.origin() != KindInfo.Origin.KUBERNETES
                || kind.plural().equals("customresourcedefinitions");
    }

    private void follow() {
        String now = server.kubectlUrl().toString();
        if (now.equals(url)) {
            return;
        }
        try {
            String text = Files.readString(file);
            if (text.contains(url)) {
                Kubeconfig.writeText(file, text.replace(url, now));
            }
            url = now;
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file)
                    .setCause(e)
                    .log("kubeconfig not brought up to date");
        }
    }
}
