@NullMarked
package io.github.hc5.utls.spring;

import org.jspecify.annotations.NullMarked;
