package io.github.hc5.utls.http;

import java.util.Arrays;

/** The fields of one header block in the order of the wire. Not safe for use by several threads. */
final class FieldList {

    private String[] names = new String[24];
    private String[] values = new String[24];
    private int size;
    private boolean decodes;

    /** Whether the Accept-Encoding among the fields is the profile's, so that the response is to be decoded here. */
    boolean decodes() {
        return decodes;
    }

    void setDecodes(boolean newDecodes) {
        decodes = newDecodes;
    }

    int size() {
        return size;
    }

    String name(int index) {
        return names[index];
    }

    String value(int index) {
        return values[index];
    }

    void add(String name, String value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }
}
