// SPDX-License-Identifier: Apache-2.0
/**
 * What a real card does and jCardSim does not: persistent and transient memory, transactions, power loss, counting.
 *
 * <p>The rules are those of the Java Card 2.2.2 Runtime Environment Specification, chapters 5 to 7, and of the Java Card
 * 2.2.2 API where it speaks of transactions, tear and reset. An applet's rewritten classes
 * ({@link id.ssncard.simulator.rewrite}) report here through {@link id.ssncard.simulator.card.Hooks}; one
 * {@link id.ssncard.simulator.card.Machine} is one card.
 */
package id.ssncard.simulator.card;
