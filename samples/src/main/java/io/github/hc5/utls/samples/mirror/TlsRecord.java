package io.github.hc5.utls.samples.mirror;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The header of one TLS record that the client sent (RFC 8446, section 5.1).
 *
 * @param type the content type as it stands on the wire: 20 change_cipher_spec, 21 alert, 22 handshake, 23
 *     application_data
 * @param length the length of the record's body in bytes, without its header of five
 * @param millis when its header arrived, in milliseconds since the connection was accepted
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
@JsonPropertyOrder({"type", "length", "millis"})
public record TlsRecord(int type, int length, long millis) {}
