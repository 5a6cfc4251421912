// SPDX-License-Identifier: Apache-2.0
/**
 * Many simulated cards in one process, each with a thread and a TCP port of its own.
 *
 * <p>A card's port speaks the vpcd wire protocol as the card side ({@link id.ssncard.simulator.VpcdLink}), so that a
 * program may talk to it directly, or the same card may be put into a slot of pcscd's virtual reader. The process
 * itself is steered over a control socket ({@link id.ssncard.simulator.ControlSession}).
 */
package id.ssncard.simulator;
