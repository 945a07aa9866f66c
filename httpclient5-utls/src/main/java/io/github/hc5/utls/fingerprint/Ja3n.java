package io.github.hc5.utls.fingerprint;

/**
 * The JA3N fingerprint: {@link Ja3} with the extensions in ascending order, which makes it the same on every connection
 * of a browser that permutes them.
 *
 * @param ja3 the JA3 with sorted extensions
 */
public record Ja3n(Ja3 ja3) {

    public Ja3n {
        ja3 = new Ja3(
                ja3.version(),
                ja3.cipherSuites(),
                ja3.extensions().stream().sorted().toList(),
                ja3.groups(),
                ja3.pointFormats());
    }

    /** Computes the fingerprint of a received hello. */
    public static Ja3n of(ClientHelloMessage hello) {
        return new Ja3n(Ja3.of(hello));
    }

    /** Computes the fingerprint of a profile's first hello to a named host. */
    public static Ja3n of(ClientHelloSpec spec) {
        return new Ja3n(Ja3.of(spec));
    }

    /** Returns the MD5 of the text in lower-case hexadecimal digits. */
    public String hash() {
        return ja3.hash();
    }

    /** Returns the text, such as {@code 771,4865-4866,0-23-65281,29-23,0}. */
    @Override
    public String toString() {
        return ja3.toString();
    }
}
