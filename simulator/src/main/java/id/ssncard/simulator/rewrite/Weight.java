// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * How many bytecodes a converter makes of an instruction of a class file (Java Card 2.2.2 virtual machine
 * specification, chapter 7).
 *
 * <p>One, but for two forms: narrowing to short right after arithmetic goes, as the arithmetic becomes that of shorts;
 * and {@code aload_0 getfield} becomes one {@code getfield_<t>_this}.
 */
final class Weight {
    private Weight() {}

    static int of(AbstractInsnNode instruction, boolean instanceMethod) {
        if (instruction.getOpcode() == Opcodes.I2S && isArithmetic(previous(instruction))) {
            return 0;
        }
        return instanceMethod && isThis(instruction) && isFieldRead(next(instruction)) ? 0 : 1;
    }

    private static boolean isThis(AbstractInsnNode instruction) {
        return instruction.getOpcode() == Opcodes.ALOAD && ((VarInsnNode) instruction).var == 0;
    }

    private static boolean isFieldRead(AbstractInsnNode instruction) {
        return instruction != null && instruction.getOpcode() == Opcodes.GETFIELD;
    }

    private static boolean isArithmetic(AbstractInsnNode instruction) {
        if (instruction == null) {
            return false;
        }
        return switch (instruction.getOpcode()) {
            case Opcodes.IADD, Opcodes.ISUB, Opcodes.IMUL, Opcodes.IDIV, Opcodes.IREM, Opcodes.INEG, Opcodes.ISHL,
                    Opcodes.ISHR, Opcodes.IUSHR, Opcodes.IAND, Opcodes.IOR, Opcodes.IXOR -> true;
            default -> false;
        };
    }

    /** The neighbouring instruction; null where a label, which may be jumped to, or the method's end comes first. */
    private static AbstractInsnNode previous(AbstractInsnNode instruction) {
        AbstractInsnNode before = instruction.getPrevious();
        return before != null && before.getOpcode() >= 0 ? before : null;
    }

    private static AbstractInsnNode next(AbstractInsnNode instruction) {
        AbstractInsnNode after = instruction.getNext();
        while (after != null && after.getType() == AbstractInsnNode.LINE) {
            after = after.getNext();
        }
        return after != null && after.getOpcode() >= 0 ? after : null;
    }
}
