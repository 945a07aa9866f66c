package io.github.hc5.utls.samples.cli;

/** Puts an exception's message on one line. */
final class OneLine {

    private OneLine() {}

    /** Returns the message without line breaks and control characters, or the exception's kind if it has none. */
    static String of(Throwable problem) {
        String message = problem.getMessage();
        return message == null || message.isBlank()
                ? problem.getClass().getSimpleName()
                : message.strip().replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    }
}
