/** The hot connection pool in a Spring Boot application, by configuration alone. */
@NullMarked
package io.github.hc5.utls.spring;

import org.jspecify.annotations.NullMarked;
