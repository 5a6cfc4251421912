// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

/** A cipher or signature: a {@link FrameworkObject} that is nothing but what it was initialised with. */
interface CryptoObject extends FrameworkObject {
    CryptoState state();

    @Override
    default void powerUp() {
        state().powerUp();
        restored();
    }

    @Override
    default void restored() {
        state().restart();
    }

    @Override
    default Object[] capture() {
        return state().capture();
    }

    @Override
    default void restore(Object[] captured) {
        state().restore(captured);
    }
}
