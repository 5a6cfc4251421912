// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import id.ssncard.simulator.card.AllocationPolicy;
import id.ssncard.simulator.torture.Op;
import id.ssncard.simulator.torture.StrangeApplet;
import id.ssncard.simulator.torture.TortureApplet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Allocation after installation, and references that must not be kept. */
class AllocationTest {
    private static final int[] KINDS = {1, 2, 3, 4};

    private TortureCard card;

    @BeforeEach
    void newCard() throws Exception {
        card = new TortureCard();
    }

    private void policy(AllocationPolicy policy) throws Exception {
        card.experiment(real -> {
            real.allocations(policy);
            return null;
        });
    }

    /** Our own rule: all memory is allocated at installation. */
    @Test
    void allocationAfterInstallationEndsTheCommand() throws Exception {
        for (int kind : KINDS) {
            assertEquals("6F00", card.run(Op.ALLOCATE, kind));
            assertEquals(List.of("allocation-after-install"), card.violations());
            assertEquals(1, card.count("allocations"));
        }
    }

    /** An applet that catches what it may hides nothing. */
    @Test
    void allocationEndsTheCommandWhateverIsCaught() {
        assertEquals("6F00", card.run(Op.CATCH_ALL, Op.ALLOCATE, 1));
    }

    /** Section 10.1: a lack of memory is SystemException NO_RESOURCE. */
    @Test
    void aFullHeapIsNoResource() throws Exception {
        policy(AllocationPolicy.NO_RESOURCE);
        assertEquals("6F00", card.run(Op.ALLOCATE, 1));
        assertEquals("9000", card.run(Op.CATCH_ALL, Op.ALLOCATE, 1));
        assertEquals("55", card.bytes(TortureApplet.SIZE - 1, 1));
    }

    @Test
    void allocationCanBeAllowedAndIsStillReported() throws Exception {
        policy(AllocationPolicy.ALLOW);
        for (int kind : KINDS) {
            assertEquals("9000", card.run(Op.ALLOCATE, kind));
            assertEquals(List.of("allocation-after-install"), card.violations());
        }
    }

    /** Section 7.6.3: after an abort of a transaction that made objects, the card session may be locked up. */
    @Test
    void anAbortAfterAllocationLocksTheSessionUp() throws Exception {
        policy(AllocationPolicy.ALLOW);
        assertNull(card.run(Op.BEGIN, Op.BYTE, 0, 1, Op.ALLOCATE, 1, Op.ABORT));
        card.start();
        assertEquals("00", card.bytes(0, 1));
        assertEquals("9000", card.run(Op.ALLOCATE, 1, Op.BEGIN, Op.ABORT));
    }

    /** Sections 6.2.1 and 6.2.2: the APDU and global arrays must not be stored in fields or components. */
    @Test
    void theApduAndItsBufferCannotBeKept() throws Exception {
        for (int[] script : new int[][] {
            {Op.REFERENCE, 0, 3}, {Op.REFERENCE, 0, 4}, {Op.REFERENCE_FIELD, 3}, {Op.REFERENCE_FIELD, 4}
        }) {
            assertEquals("6F00", card.run(script));
            assertEquals(List.of("kept-global-reference"), card.violations());
        }
        assertEquals("9000", card.run(Op.REFERENCE, 0, 2, Op.REFERENCE_FIELD, 2));
    }

    /** What no converter takes must not run here either. */
    @Test
    void classesBeyondJavaCardAreRefused() {
        AppletPackage strange = new AppletPackage(
                StrangeApplet.class.getName(), new byte[] {1, 2, 3, 4, 5}, new byte[0]);
        ControlException refusal = assertThrows(ControlException.class, () -> CardRuntime.real(strange, Set.of()));
        assertEquals("not-java-card", refusal.code());
    }
}
