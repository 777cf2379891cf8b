package io.weir.picker.scrape;

import java.io.IOException;
import java.util.Arrays;

/** One line of a response's head, put together from bytes as they arrive. */
final class LineBuffer {

    private static final int MOST_DIGITS = 8;

    private final int longest;
    private byte[] bytes = new byte[128];
    private int length;
    private boolean complete;

    LineBuffer(int longest) {
        this.longest = longest;
    }

    void clear() {
        length = 0;
        complete = false;
    }

    /** Takes bytes up to the end of the line; returns the index behind the last one taken. */
    int feed(byte[] source, int from, int to) throws IOException {
        int end = Bytes.indexOf(source, from, to, '\n');
        complete = end >= 0;
        append(source, from, complete ? end : to);
        if (complete && length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        return complete ? end + 1 : to;
    }

    boolean isComplete() {
        return complete;
    }

    int length() {
        return length;
    }

    byte at(int index) {
        return bytes[index];
    }

    boolean startsWith(String lowerCase) {
        return length >= lowerCase.length() && isAt(0, lowerCase);
    }

    boolean contains(String lowerCase) {
        for (int from = 0; from <= length - lowerCase.length(); from++) {
            if (isAt(from, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of hexadecimal digits that the line begins with. */
    int hexDigits() {
        int digits = 0;
        while (digits < length && Character.digit(bytes[digits], 16) >= 0) {
            digits++;
        }
        return digits;
    }

    /** Returns a number of at most eight digits, blanks around it allowed; -1 when it is none. */
    int number(int from, int to, int radix) {
        int first = from;
        int last = Math.min(to, length);
        while (first < last && bytes[first] == ' ') {
            first++;
        }
        while (first < last && bytes[last - 1] == ' ') {
            last--;
        }
        if (first >= last || last - first > MOST_DIGITS) {
            return -1;
        }
        long number = 0;
        for (int i = first; i < last; i++) {
            int digit = Character.digit(bytes[i], radix);
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number > Integer.MAX_VALUE ? -1 : (int) number;
    }

    private void append(byte[] source, int from, int to) throws IOException {
        int needed = length + to - from;
        if (needed > longest) {
            throw new IOException("line is longer than " + longest + " bytes");
        }
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        System.arraycopy(source, from, bytes, length, to - from);
        length = needed;
    }

    private boolean isAt(int from, String lowerCase) {
        for (int i = 0; i < lowerCase.length(); i++) {
            if (Character.toLowerCase((char) bytes[from + i]) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
