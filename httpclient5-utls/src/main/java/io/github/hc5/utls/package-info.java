/** The entry: HttpClient 5 with a browser's TLS and HTTP and a hot pool, put together from the packages below. */
@NullMarked
package io.github.hc5.utls;

import org.jspecify.annotations.NullMarked;
