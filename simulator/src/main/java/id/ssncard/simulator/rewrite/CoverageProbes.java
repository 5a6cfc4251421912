// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * JaCoCo's probes in classes that were instrumented before (its offline mode): they are no part of the applet, so they
 * are neither counted nor rewritten.
 *
 * <p>A method fetches an array of flags into a local variable first, and then sets one where it passes:
 * {@code aload v, push number, iconst_1, bastore}.
 */
final class CoverageProbes {
    private static final String PREFIX = "$jacoco";
    private static final String FETCH = "$jacocoInit";

    private CoverageProbes() {}

    /** Whether a field or method is JaCoCo's own. */
    static boolean isMember(String name) {
        return name.startsWith(PREFIX);
    }

    /** The instructions of a method that are JaCoCo's. */
    static Set<AbstractInsnNode> in(InsnList code) {
        Set<AbstractInsnNode> probes = new HashSet<>();
        int flags = -1;
        for (AbstractInsnNode at : code) {
            if (at instanceof MethodInsnNode call && call.name.equals(FETCH)) {
                AbstractInsnNode store = at.getNext();
                flags = ((VarInsnNode) store).var;
                probes.add(at);
                probes.add(store);
            } else if (flags >= 0 && at.getOpcode() == Opcodes.BASTORE && isOf(flags, at)) {
                probes.add(at);
                for (int i = 0; i < 3; i++) {
                    at = at.getPrevious();
                    probes.add(at);
                }
            }
        }
        return probes;
    }

    private static boolean isOf(int flags, AbstractInsnNode store) {
        AbstractInsnNode value = store.getPrevious();
        AbstractInsnNode number = value == null ? null : value.getPrevious();
        AbstractInsnNode array = number == null ? null : number.getPrevious();
        return value != null
                && value.getOpcode() == Opcodes.ICONST_1
                && array instanceof VarInsnNode load
                && load.getOpcode() == Opcodes.ALOAD
                && load.var == flags;
    }
}
