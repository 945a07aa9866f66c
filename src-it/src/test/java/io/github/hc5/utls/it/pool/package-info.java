/** The hot connection manager in HttpClient, against servers that behave, misbehave, and against the stock manager. */
@NullMarked
package io.github.hc5.utls.it.pool;

import org.jspecify.annotations.NullMarked;
