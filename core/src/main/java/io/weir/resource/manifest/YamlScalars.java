package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.Locale;

/**
 * What an unquoted YAML scalar means to Kubernetes: YAML 1.1 booleans ({@code yes}, {@code on},
 * {@code y} and their opposites), decimal, octal, hexadecimal and binary integers, floats without
 * base 60, no timestamps.
 */
final class YamlScalars {

    private static final int MAX_NUMBER_CHARS = 100;

    private YamlScalars() {}

    static JsonNode resolve(String text) {
        if (text.isEmpty()) {
            return NullNode.getInstance();
        }
        JsonNode word = word(text);
        if (word != null) {
            return word;
        }
        char first = text.charAt(0);
        boolean numeric = "+-.0123456789".indexOf(first) >= 0;
        JsonNode number = numeric && text.length() <= MAX_NUMBER_CHARS ? number(text) : null;
        return number == null ? TextNode.valueOf(text) : number;
    }

    private static @Nullable JsonNode word(String text) {
        return switch (text) {
            case "~", "null", "Null", "NULL" -> NullNode.getInstance();
            case "true" -> BooleanNode.TRUE;
            case "false" -> BooleanNode.FALSE;
            case "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON" ->
                    new YamlWord(true, text);
            case "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF" ->
                    new YamlWord(false, text);
            default -> null;
        };
    }

    private static @Nullable JsonNode number(String text) {
        String plain = text.replace("_", "");
        BigInteger integer = integer(plain);
        if (integer != null) {
            return integerNode(integer);
        }
        return isFloat(plain) ? DoubleNode.valueOf(Double.parseDouble(plain)) : null;
    }

    private static JsonNode integerNode(BigInteger value) {
        if (value.bitLength() < 32) {
            return IntNode.valueOf(value.intValue());
        }
        return value.bitLength() < 64
                ? LongNode.valueOf(value.longValue())
                : BigIntegerNode.valueOf(value);
    }

    private static @Nullable BigInteger integer(String plain) {
        boolean signed = !plain.isEmpty() && "+-".indexOf(plain.charAt(0)) >= 0;
        String digits = (signed ? plain.substring(1) : plain).toLowerCase(Locale.ROOT);
        int radix = 10;
        if (digits.startsWith("0x")) {
            radix = 16;
        } else if (digits.startsWith("0b")) {
            radix = 2;
        } else if (digits.startsWith("0o")) {
            radix = 8;
        }
        if (radix != 10) {
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = 8;
        }
        if (!isDigits(digits, radix)) {
            return null;
        }
        BigInteger value = new BigInteger(digits, radix);
        return plain.charAt(0) == '-' ? value.negate() : value;
    }

    private static boolean isDigits(String text, int radix) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127 || Character.digit(text.charAt(i), radix) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private static boolean isFloat(String plain) {
        int at = "+-".indexOf(plain.charAt(0)) >= 0 ? 1 : 0;
        int whole = skipDigits(plain, at);
        int end = whole;
        if (end < plain.length() && plain.charAt(end) == '.') {
            end = skipDigits(plain, end + 1);
        }
        boolean nothing = end == at;
        boolean onlyADot = whole == at && end == at + 1;
        if (nothing || onlyADot) {
            return false;
        }
        return end == plain.length() || isExponent(plain, end);
    }

    private static boolean isExponent(String plain, int at) {
        if (plain.charAt(at) != 'e' && plain.charAt(at) != 'E') {
            return false;
        }
        int digits = at + 1;
        if (digits < plain.length() && "+-".indexOf(plain.charAt(digits)) >= 0) {
            digits++;
        }
        return digits < plain.length() && skipDigits(plain, digits) == plain.length();
    }

    private static int skipDigits(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
