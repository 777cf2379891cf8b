package io.weir.bench.score;

/** Sessions in the order of their begin, without end; one to each unit of time on average. */
@FunctionalInterface
interface Sessions {

    Session next();
}
