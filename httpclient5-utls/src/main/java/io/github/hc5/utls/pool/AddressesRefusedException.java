package io.github.hc5.utls.pool;

import java.io.Serial;
import java.net.ConnectException;

/** The address filter, bans and ejections leave no address of a host to dial. */
public final class AddressesRefusedException extends ConnectException {

    @Serial
    private static final long serialVersionUID = 1L;

    AddressesRefusedException(String message) {
        super(message);
    }
}
