package io.github.hc5.utls.samples.crawler;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What became of one URL: a line of the answer. A URL that got a response, whatever its status, has no {@code error}.
 *
 * @param index the URL's place in the request, from 0
 * @param url as asked for
 * @param finalUrl where redirects led; absent without
 * @param ms from when it was its turn to its end
 * @param bytes of the body, decoded
 * @param degraded how far the service had to go for it: {@code OTHER_CONNECTION}, {@code OTHER_ADDRESS}; absent for the
 *     first try
 * @param bodyEncoding {@code text} or {@code base64}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record FetchResult(
        int index,
        String url,
        @Nullable String finalUrl,
        @Nullable Integer status,
        @Nullable String protocol,
        @Nullable String remote,
        @Nullable String profile,
        double ms,
        @Nullable Long bytes,
        @Nullable String degraded,
        @Nullable Map<String, List<String>> headers,
        @Nullable String bodyEncoding,
        @Nullable String body,
        @Nullable FetchProblem error) {}
