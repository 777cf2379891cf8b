/**
 * What a machine takes for a message by itself: a program that sends back what it gets, and one
 * that asks it at a given rate.
 *
 * <p>Nothing that talks over sockets can take less CPU or answer sooner on the same machine, so
 * that the difference to it is what a program adds. The server is a process of its own with one
 * blocking thread for each connection; the asking side sends on one thread and receives on another.
 */
@NullMarked
package io.weir.bench.echo;

import org.jspecify.annotations.NullMarked;
