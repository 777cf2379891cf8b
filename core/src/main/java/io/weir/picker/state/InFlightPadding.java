package io.weir.picker.state;

/** A cache line that nothing is in; fields of a superclass lie before those of its subclasses. */
abstract sealed class InFlightPadding permits InFlightCounters {

    long pad1;
    long pad2;
    long pad3;
    long pad4;
    long pad5;
    long pad6;
    long pad7;
}
