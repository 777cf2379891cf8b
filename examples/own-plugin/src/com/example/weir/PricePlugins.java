package com.example.weir;

import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginProvider;

import java.util.Map;

/** The plugin types of this jar, which META-INF/services names. */
public final class PricePlugins implements PluginProvider {

    @Override
    public Map<String, PluginFactory> factories() {
        return Map.of(
                "price-scorer",
                (parameters, others) ->
                        new PriceScorer(
                                parameters.text("label").orElse("price"),
                                parameters.number("most", 10, 0.01, 1000)));
    }
}
