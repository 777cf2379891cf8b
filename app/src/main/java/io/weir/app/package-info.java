/**
 * The program: commands, admin endpoints, and the wiring of all rooms by hand.
 *
 * <p>{@link io.weir.app.Main} hands the arguments to {@link io.weir.app.command.Weir}, whose
 * commands turn them into options and start one of the roles.
 */
@NullMarked
package io.weir.app;

import org.jspecify.annotations.NullMarked;
