package io.github.hc5.utls.samples.cli;

/** How what a server saw compares with a real browser. */
enum Verdict {
    EQUAL("equal"),

    /** What the stock client shows, too: nothing has touched it. Not a failed attempt to look like the browser. */
    NOT_SHAPED("not yet shaped"),

    DIFFERENT("DIFFERENT");

    private final String words;

    Verdict(String words) {
        this.words = words;
    }

    static Verdict of(String seen, String real) {
        return seen.equals(real) ? EQUAL : DIFFERENT;
    }

    /**
     * @param stock what the server saw of the stock client in the same run
     */
    static Verdict of(String seen, String real, String stock) {
        return !seen.equals(real) && seen.equals(stock) ? NOT_SHAPED : of(seen, real);
    }

    @Override
    public String toString() {
        return words;
    }
}
