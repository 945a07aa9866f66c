package io.github.hc5.utls.http;

import org.apache.hc.core5.http.ConnectionReuseStrategy;
import org.apache.hc.core5.http.config.CharCodingConfig;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpProcessor;

/**
 * How an HTTP/1.1 connection is spoken. Immutable.
 *
 * @param processor runs on each request, after the client's own interceptors, and on each response
 * @param config the limits of messages
 * @param charCoding the coding of header values
 * @param reuseStrategy decides whether the connection outlives an exchange
 * @param wire the log of what is sent and received
 */
record H1Settings(
        HttpProcessor processor,
        Http1Config config,
        CharCodingConfig charCoding,
        ConnectionReuseStrategy reuseStrategy,
        WireLog wire) {}
