// SPDX-License-Identifier: Apache-2.0
/**
 * Applet classes rewritten as they are loaded, so that every store, allocation and instruction is reported to the card
 * that they run on ({@link id.ssncard.simulator.card}).
 */
package id.ssncard.simulator.rewrite;
