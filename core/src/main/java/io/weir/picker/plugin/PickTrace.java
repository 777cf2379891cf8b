package io.weir.picker.plugin;

/** Is told how a pick comes about. Only there when somebody asks for an explanation. */
public interface PickTrace {

    /** Called before a filter runs; the context has the candidates that it begins with. */
    void beforeFilter(PickContext context);

    /**
     * Called after a filter ran.
     *
     * @param left whether it left anything; if not, the context has the candidates as before
     */
    void filtered(String filter, boolean left, PickContext context);

    /**
     * Called after a scorer ran.
     *
     * @param scores scores 0..1 of the candidates; not to be kept
     */
    void scored(String scorer, double weight, double[] scores, PickContext context);
}
