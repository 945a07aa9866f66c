package io.github.hc5.utls.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which lists of types let anything pass. */
class AcceptOfProfileTest {

    @ParameterizedTest
    @ValueSource(strings = {"*/*", " */* ", "text/plain, */*", "*/*,text/html", "a/b ,\t*/*\t, c/d", "x*/*, */*"})
    void anyTypeIsOneOfThem(String accept) {
        assertThat(AcceptOfProfile.letsAnythingPass(accept)).isTrue();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"text/*", "x*/*", "*/*x", "*/*;q=0.1", "application/json, application/*+json", "*/ *"})
    void orNoneIs(String accept) {
        assertThat(AcceptOfProfile.letsAnythingPass(accept)).isFalse();
    }
}
