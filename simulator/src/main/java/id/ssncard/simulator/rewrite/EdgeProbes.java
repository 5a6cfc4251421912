// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import id.ssncard.simulator.card.Edges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;

/**
 * Has one class report which way it goes: at the entry of each method, and before each conditional jump and switch, whose
 * operands are copied and decided a second time. So no jump moves, and the stack map frames stay right.
 *
 * <p>Runs after {@link MethodRewriter}: what it inserts is no part of the applet and is not counted.
 */
final class EdgeProbes {
    private static final String COVERAGE = "id/ssncard/simulator/card/Coverage";
    private static final String OBJECTS = "(Ljava/lang/Object;Ljava/lang/Object;" + Redirects.MACHINE_TYPE + "II)V";
    private static final String NUMBERS = "(II" + Redirects.MACHINE_TYPE + "II)V";

    private final String owner;
    private final List<Integer> edges = new ArrayList<>();

    /** @param owner internal name of the class */
    EdgeProbes(String owner) {
        this.owner = owner;
    }

    /** The edges of all methods so far. */
    List<Integer> edges() {
        return edges;
    }

    void insert(MethodNode method) {
        String name = owner.substring(owner.lastIndexOf('/') + 1) + "." + method.name;
        InsnList code = method.instructions;
        int line = 0;
        int sameLine = 0;
        for (AbstractInsnNode at : code.toArray()) {
            if (at instanceof LineNumberNode number) {
                line = number.line;
                sameLine = 0;
                continue;
            }
            InsnList probe = probe(at, name + ":" + line + "." + (sameLine + 1));
            if (probe != null) {
                code.insertBefore(at, probe);
                sameLine++;
            }
        }
        code.insert(call(known(Edges.entry(name), 1), "enter", "(" + Redirects.MACHINE_TYPE + "I)V"));
    }

    /** What reports the way on, or null: there is only one. */
    private InsnList probe(AbstractInsnNode at, String name) {
        int opcode = at.getOpcode();
        if (at instanceof JumpInsnNode && opcode != Opcodes.GOTO && opcode != Opcodes.JSR) {
            InsnList operands = new InsnList();
            boolean two = opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE;
            boolean objects = opcode == Opcodes.IFNULL || opcode == Opcodes.IFNONNULL || opcode >= Opcodes.IF_ACMPEQ;
            operands.add(new InsnNode(two ? Opcodes.DUP2 : Opcodes.DUP));
            if (!two) {
                operands.add(new InsnNode(objects ? Opcodes.ACONST_NULL : Opcodes.ICONST_0));
            }
            operands.add(machine());
            operands.add(new LdcInsnNode(relation(opcode)));
            operands.add(new LdcInsnNode(known(Edges.condition(name), 2)));
            operands.add(new MethodInsnNode(Opcodes.INVOKESTATIC, COVERAGE, "compare", objects ? OBJECTS : NUMBERS));
            return operands;
        }
        int[] keys = keys(at);
        if (keys == null) {
            return null;
        }
        InsnList choice = new InsnList();
        choice.add(new InsnNode(Opcodes.DUP));
        choice.add(call(
                known(Edges.choice(name, keys), keys.length + 1), "choose", "(I" + Redirects.MACHINE_TYPE + "I)V"));
        return choice;
    }

    /** EQ, NE, LT, GE, GT, LE as 0 to 5: the virtual machine numbers each family of jumps in this order. */
    private static int relation(int opcode) {
        if (opcode >= Opcodes.IFNULL) {
            return opcode - Opcodes.IFNULL;
        }
        if (opcode >= Opcodes.IF_ACMPEQ) {
            return opcode - Opcodes.IF_ACMPEQ;
        }
        return opcode >= Opcodes.IF_ICMPEQ ? opcode - Opcodes.IF_ICMPEQ : opcode - Opcodes.IFEQ;
    }

    /** The values for which a switch has a way of its own; null for another instruction. */
    private static int[] keys(AbstractInsnNode at) {
        Map<Integer, LabelNode> ways = new LinkedHashMap<>();
        LabelNode otherwise;
        if (at instanceof TableSwitchInsnNode table) {
            for (int i = 0; i < table.labels.size(); i++) {
                ways.put(table.min + i, table.labels.get(i));
            }
            otherwise = table.dflt;
        } else if (at instanceof LookupSwitchInsnNode lookup) {
            for (int i = 0; i < lookup.labels.size(); i++) {
                ways.put(lookup.keys.get(i), lookup.labels.get(i));
            }
            otherwise = lookup.dflt;
        } else {
            return null;
        }
        // A table's holes lead to the default.
        return ways.entrySet().stream().filter(way -> way.getValue() != otherwise).mapToInt(Map.Entry::getKey).toArray();
    }

    private int known(int first, int count) {
        for (int edge = first; edge < first + count; edge++) {
            edges.add(edge);
        }
        return first;
    }

    private InsnList call(int edge, String hook, String descriptor) {
        InsnList call = new InsnList();
        call.add(machine());
        call.add(new LdcInsnNode(edge));
        call.add(new MethodInsnNode(Opcodes.INVOKESTATIC, COVERAGE, hook, descriptor));
        return call;
    }

    private AbstractInsnNode machine() {
        return new FieldInsnNode(Opcodes.GETSTATIC, owner, Rewriter.MACHINE_FIELD, Redirects.MACHINE_TYPE);
    }
}
