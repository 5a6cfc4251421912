// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

/** A request that cannot be fulfilled; answered as {@code {"error": message, "code": code}}. */
final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String code;

    ControlException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Stable name of the reason, such as {@code "no-such-card"}. */
    String code() {
        return code;
    }
}
