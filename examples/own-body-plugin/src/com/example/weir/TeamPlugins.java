package com.example.weir;

import io.weir.extproc.plugin.BodyPluginFactory;
import io.weir.extproc.plugin.BodyPluginProvider;

import java.util.Map;

/** The plugin types of this jar, which META-INF/services names. */
public final class TeamPlugins implements BodyPluginProvider {

    @Override
    public Map<String, BodyPluginFactory> factories() {
        return Map.of(
                "team-from-body",
                parameters ->
                        new TeamFromBody(
                                parameters.text("field").orElse("team"),
                                parameters.text("header").orElse("x-team")));
    }
}
