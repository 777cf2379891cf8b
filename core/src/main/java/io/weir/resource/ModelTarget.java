package io.weir.resource;

/**
 * One weighted target of a model split.
 *
 * @param model name of the model to ask the server for
 * @param weight weight, at least 1; when a split sets no weights all are 1
 */
public record ModelTarget(String model, int weight) {}
