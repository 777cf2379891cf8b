package io.weir.kubernetes.embedded.http;

import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.store.Key;
import io.weir.kubernetes.embedded.store.Stored;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Cuts long lists. The next page begins after the last object of this one, so objects that come and
 * go in between are seen or not, and none is seen twice.
 *
 * @param items the objects of this page
 * @param next where the next page begins; empty when this is the last
 * @param remaining how many objects come after this page
 */
record ListPages(List<Stored> items, String next, long remaining) {

    static ListPages cut(List<Stored> all, long limit, String from) {
        int start = from.isEmpty() ? 0 : startAfter(all, from);
        if (limit <= 0 || all.size() - start <= limit) {
            return new ListPages(all.subList(start, all.size()), "", 0);
        }
        int end = (int) (start + limit);
        Key last = all.get(end - 1).key();
        String text = last.namespace() + "\0" + last.name();
        String token = Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        return new ListPages(all.subList(start, end), token, all.size() - end);
    }

    private static int startAfter(List<Stored> all, String token) {
        String[] parts;
        try {
            parts =
                    new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8)
                            .split("\0", -1);
        } catch (IllegalArgumentException e) {
            parts = new String[0];
        }
        if (parts.length != 2) {
            throw ApiError.badRequest("continue key is not valid");
        }
        int at = 0;
        while (at < all.size() && !isAfter(all.get(at).key(), parts[0], parts[1])) {
            at++;
        }
        return at;
    }

    private static boolean isAfter(Key key, String namespace, String name) {
        return key.compareTo(new Key(key.resource(), namespace, name)) > 0;
    }
}
