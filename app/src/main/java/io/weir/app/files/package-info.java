/**
 * Files that may change while the program runs.
 *
 * <p>{@link io.weir.app.files.WatchedFiles} knows what each file said last and tells what is
 * different now; {@link io.weir.app.files.DirectoryWatch} knows when it is worth asking. {@link
 * io.weir.app.files.FileWatcher} joins both in one virtual thread, which is the only one that
 * touches them.
 */
@NullMarked
package io.weir.app.files;

import org.jspecify.annotations.NullMarked;
