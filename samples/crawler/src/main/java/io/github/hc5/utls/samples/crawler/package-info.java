/** A service that fetches URLs through the hot pool, tells how it fares, and lets an operator ban addresses. */
@NullMarked
package io.github.hc5.utls.samples.crawler;

import org.jspecify.annotations.NullMarked;
