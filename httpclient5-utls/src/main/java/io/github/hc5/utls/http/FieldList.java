package io.github.hc5.utls.http;

import java.util.Arrays;
import org.apache.hc.core5.http.Header;
import org.jspecify.annotations.Nullable;

/** The fields of one header block in the order of the wire. Not safe for use by several threads. */
final class FieldList implements HeaderSink {

    private final boolean splitsCookies;

    private String[] names = new String[24];
    private String[] values = new String[24];
    private int size;
    private boolean decodes;
    private @Nullable Header[] places = new Header[0];

    /** @param splitsCookies whether each cookie is a field of its own (RFC 9113 section 8.2.3) */
    FieldList(boolean splitsCookies) {
        this.splitsCookies = splitsCookies;
    }

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

    /** Forgets the fields, so that the list can be used for another block. */
    void clear() {
        Arrays.fill(names, 0, size, null);
        Arrays.fill(values, 0, size, null);
        Arrays.fill(places, null);
        size = 0;
        decodes = false;
    }

    /** Adds a header, as one field or several. */
    @Override
    public void add(String name, String value) {
        if (splitsCookies && name.equals("cookie")) {
            cookies(value);
        } else {
            field(name, value);
        }
    }

    @Override
    public @Nullable Header[] places(int count) {
        if (places.length < count) {
            places = new Header[count];
        } else {
            Arrays.fill(places, null);
        }
        return places;
    }

    private void field(String name, String value) {
        if (size == names.length) {
            names = Arrays.copyOf(names, size * 2);
            values = Arrays.copyOf(values, size * 2);
        }
        names[size] = name;
        values[size++] = value;
    }

    private void cookies(String value) {
        int start = 0;
        int end = value.indexOf(';');
        while (end >= 0) {
            if (end > start) {
                field("cookie", value.substring(start, end));
            }
            start = end + 1;
            while (start < value.length() && value.charAt(start) == ' ') {
                start++;
            }
            end = value.indexOf(';', start);
        }
        if (start < value.length() || start == 0) {
            field("cookie", start == 0 ? value : value.substring(start));
        }
    }
}
