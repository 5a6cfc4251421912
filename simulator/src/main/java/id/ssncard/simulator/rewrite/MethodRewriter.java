// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import id.ssncard.simulator.card.ApiMethods;
import id.ssncard.simulator.card.FieldNames;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Rewrites one method.
 *
 * <p>Instructions are counted a run at a time: before each call, branch and return, and before each place that is jumped
 * to. So the count is exact, except that of a run which an exception of the virtual machine ends (a wrong index, a null),
 * the part before it is left out.
 */
final class MethodRewriter {
    private static final String OBJECT = "Ljava/lang/Object;";

    private final String owner;
    private final MethodNode method;
    private final InsnList code;
    private final boolean instanceMethod;
    private final boolean classInitialiser;
    /** In a constructor before its super(): {@code this} must not be handed to anybody. */
    private boolean uninitialised;

    private int pending;
    private int pendingConverted;

    MethodRewriter(String owner, MethodNode method) {
        this.owner = owner;
        this.method = method;
        code = method.instructions;
        instanceMethod = (method.access & Opcodes.ACC_STATIC) == 0;
        classInitialiser = method.name.equals("<clinit>");
        uninitialised = method.name.equals("<init>");
    }

    void rewrite() {
        Set<LabelNode> targets = targets();
        Set<AbstractInsnNode> probes = CoverageProbes.in(code);
        for (AbstractInsnNode at : code.toArray()) {
            if (at instanceof LabelNode label) {
                if (targets.contains(label)) {
                    flush(at);
                }
                continue;
            }
            if (at.getOpcode() < 0 || probes.contains(at)) {
                continue;
            }
            pending++;
            pendingConverted += Weight.of(at, instanceMethod);
            if (endsRun(at)) {
                flush(at);
            }
            replace(at);
        }
    }

    /** Places that are reached in another way than from the instruction before. */
    private Set<LabelNode> targets() {
        Set<LabelNode> targets = new HashSet<>();
        for (AbstractInsnNode at : code) {
            if (at instanceof JumpInsnNode jump) {
                targets.add(jump.label);
            } else if (at instanceof TableSwitchInsnNode table) {
                targets.add(table.dflt);
                targets.addAll(table.labels);
            } else if (at instanceof LookupSwitchInsnNode lookup) {
                targets.add(lookup.dflt);
                targets.addAll(lookup.labels);
            }
        }
        for (TryCatchBlockNode handler : method.tryCatchBlocks) {
            targets.add(handler.handler);
        }
        return targets;
    }

    private static boolean endsRun(AbstractInsnNode at) {
        int opcode = at.getOpcode();
        return at instanceof JumpInsnNode
                || at instanceof MethodInsnNode
                || at instanceof TableSwitchInsnNode
                || at instanceof LookupSwitchInsnNode
                || opcode == Opcodes.ATHROW
                || opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
    }

    /** Reports what has been counted, before {@code at}. */
    private void flush(AbstractInsnNode at) {
        if (pending == 0) {
            return;
        }
        InsnList report = new InsnList();
        report.add(machine());
        report.add(number(pending));
        report.add(number(pendingConverted));
        report.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, Redirects.MACHINE, "executed", "(II)V"));
        code.insertBefore(at, report);
        pending = 0;
        pendingConverted = 0;
    }

    private void replace(AbstractInsnNode at) {
        switch (at.getOpcode()) {
            case Opcodes.BASTORE -> store(at, "bastore", "(" + OBJECT + "II");
            case Opcodes.SASTORE -> store(at, "sastore", "([SII");
            case Opcodes.IASTORE -> store(at, "iastore", "([III");
            case Opcodes.AASTORE -> store(at, "aastore", "([" + OBJECT + "I" + OBJECT);
            case Opcodes.CASTORE, Opcodes.LASTORE, Opcodes.FASTORE, Opcodes.DASTORE ->
                throw new NotJavaCard(where(), "an array of char, long, float or double");
            case Opcodes.MULTIANEWARRAY -> throw new NotJavaCard(where(), "an array of several dimensions");
            case Opcodes.INVOKEDYNAMIC -> throw new NotJavaCard(where(), "invokedynamic");
            case Opcodes.PUTFIELD -> putField((FieldInsnNode) at);
            case Opcodes.PUTSTATIC -> putStatic((FieldInsnNode) at);
            case Opcodes.NEW -> newObject((TypeInsnNode) at);
            case Opcodes.NEWARRAY -> newArray(at, width(((IntInsnNode) at).operand));
            case Opcodes.ANEWARRAY -> newArray(at, 2);
            case Opcodes.INVOKESTATIC, Opcodes.INVOKEVIRTUAL, Opcodes.INVOKESPECIAL, Opcodes.INVOKEINTERFACE ->
                call((MethodInsnNode) at);
            default -> {
                // Changes nothing outside the frame.
            }
        }
    }

    private void store(AbstractInsnNode at, String hook, String operands) {
        code.insertBefore(at, machine());
        code.set(at, hook(hook, operands + Redirects.MACHINE_TYPE + ")V"));
    }

    /** Fields of a class are set up when it is loaded onto a card, so its initialiser writes nothing at run time. */
    private void putField(FieldInsnNode put) {
        if (uninitialised || classInitialiser) {
            return;
        }
        InsnList announce = new InsnList();
        announce.add(new InsnNode(Opcodes.DUP2));
        announce.add(machine());
        announce.add(fieldNumber(put));
        announce.add(hook("putField", "(" + OBJECT + operand(put.desc) + Redirects.MACHINE_TYPE + "I)V"));
        code.insertBefore(put, announce);
    }

    private void putStatic(FieldInsnNode put) {
        if (classInitialiser) {
            return;
        }
        InsnList announce = new InsnList();
        announce.add(new InsnNode(Opcodes.DUP));
        announce.add(new LdcInsnNode(Type.getObjectType(put.owner)));
        announce.add(machine());
        announce.add(fieldNumber(put));
        announce.add(hook(
                "putStatic", "(" + operand(put.desc) + "Ljava/lang/Class;" + Redirects.MACHINE_TYPE + "I)V"));
        code.insertBefore(put, announce);
    }

    private void newObject(TypeInsnNode at) {
        InsnList announce = new InsnList();
        announce.add(machine());
        announce.add(new LdcInsnNode(at.desc.substring(at.desc.lastIndexOf('/') + 1)));
        announce.add(hook("allocateObject", "(" + Redirects.MACHINE_TYPE + "Ljava/lang/String;)V"));
        code.insertBefore(at, announce);
        if (at.desc.equals(Redirects.OWNER_PIN)) {
            at.desc = Redirects.CARD_PIN;
        }
    }

    private void newArray(AbstractInsnNode at, int width) {
        InsnList announce = new InsnList();
        announce.add(new InsnNode(Opcodes.DUP));
        announce.add(machine());
        announce.add(number(width));
        announce.add(hook("allocateArray", "(I" + Redirects.MACHINE_TYPE + "I)V"));
        code.insertBefore(at, announce);
    }

    private void call(MethodInsnNode call) {
        if (call.name.equals("<init>")) {
            // The first one on this level is super() or this(): javac puts no other object before it on a card's code.
            uninitialised = false;
            if (call.owner.equals(Redirects.OWNER_PIN)) {
                call.owner = Redirects.CARD_PIN;
            }
            return;
        }
        if (!Redirects.isApiCall(call)) {
            return;
        }
        InsnList count = new InsnList();
        count.add(machine());
        count.add(number(ApiMethods.number(Redirects.shortName(call))));
        count.add(new MethodInsnNode(Opcodes.INVOKEVIRTUAL, Redirects.MACHINE, "called", "(I)V"));
        if (Redirects.makesUntracked(call)) {
            count.add(machine());
            count.add(new LdcInsnNode(Redirects.shortName(call)));
            count.add(hook("allocateUntracked", "(" + Redirects.MACHINE_TYPE + "Ljava/lang/String;)V"));
        }
        String hook = Redirects.hook(call);
        if (hook != null) {
            count.add(machine());
            code.insertBefore(call, count);
            code.set(call, hook(hook, Redirects.withMachine(call)));
        } else {
            code.insertBefore(call, count);
        }
    }

    private static int width(int arrayType) {
        return switch (arrayType) {
            case Opcodes.T_BOOLEAN, Opcodes.T_BYTE -> 1;
            case Opcodes.T_SHORT -> 2;
            default -> 4;
        };
    }

    /** How a hook takes a value of this type. */
    private static String operand(String descriptor) {
        int sort = Type.getType(descriptor).getSort();
        return sort == Type.OBJECT || sort == Type.ARRAY ? OBJECT : "I";
    }

    private static AbstractInsnNode fieldNumber(FieldInsnNode put) {
        return number(FieldNames.number(put.owner.replace('/', '.'), put.name, put.desc));
    }

    private AbstractInsnNode machine() {
        return new FieldInsnNode(Opcodes.GETSTATIC, owner, Rewriter.MACHINE_FIELD, Redirects.MACHINE_TYPE);
    }

    private static AbstractInsnNode hook(String name, String descriptor) {
        return new MethodInsnNode(Opcodes.INVOKESTATIC, Redirects.HOOKS, name, descriptor);
    }

    private static AbstractInsnNode number(int value) {
        if (value <= Byte.MAX_VALUE) {
            return new IntInsnNode(Opcodes.BIPUSH, value);
        }
        return value <= Short.MAX_VALUE ? new IntInsnNode(Opcodes.SIPUSH, value) : new LdcInsnNode(value);
    }

    private String where() {
        return owner.replace('/', '.') + "." + method.name;
    }
}
