// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import java.util.List;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Rewrites one class of an applet. The class gets a static field {@code $card}, filled in its class initialiser before
 * anything else, and every store, allocation and call of its methods goes by the hooks.
 */
final class Rewriter {
    /** The card that a class runs on. Its name begins as {@code Fields} expects of what is no part of the applet. */
    static final String MACHINE_FIELD = "$card";

    private Rewriter() {}

    /** A class file's bytes for a real card, and the edges that report themselves. */
    record Rewritten(byte[] bytes, List<Integer> edges) {}

    /**
     * A class file for a real card.
     *
     * @param coverage whether it also reports which way it goes, see {@link EdgeProbes}
     * @throws NotJavaCard it uses what no card has
     */
    static Rewritten rewrite(byte[] classFile, boolean coverage) {
        ClassNode type = new ClassNode();
        ClassReader reader = new ClassReader(classFile);
        reader.accept(type, 0);
        if ((type.access & Opcodes.ACC_INTERFACE) != 0) {
            return new Rewritten(classFile, List.of());
        }
        EdgeProbes probes = new EdgeProbes(type.name);
        if (type.superName.equals(Redirects.OWNER_PIN)) {
            type.superName = Redirects.CARD_PIN;
        }
        for (FieldNode field : type.fields) {
            requireCardType(type.name, field.desc);
        }
        for (MethodNode method : type.methods) {
            if (method.instructions.size() != 0 && !CoverageProbes.isMember(method.name)) {
                new MethodRewriter(type.name, method).rewrite();
                if (coverage) {
                    probes.insert(method);
                }
            }
        }
        type.fields.add(new FieldNode(
                Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC, MACHINE_FIELD, Redirects.MACHINE_TYPE,
                null, null));
        initialiser(type).instructions.insert(findMachine(type.name));
        // The control flow is as it was, so the stack map frames stay right.
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        type.accept(writer);
        return new Rewritten(writer.toByteArray(), probes.edges());
    }

    /** Throws {@link NotJavaCard} for the types that a card has not. */
    static void requireCardType(String where, String descriptor) {
        switch (Type.getType(descriptor).getSort()) {
            case Type.CHAR, Type.LONG, Type.FLOAT, Type.DOUBLE -> throw new NotJavaCard(where, "the type " + descriptor);
            default -> {
                // A card has it.
            }
        }
    }

    private static InsnList findMachine(String type) {
        InsnList code = new InsnList();
        code.add(new LdcInsnNode(Type.getObjectType(type)));
        code.add(new MethodInsnNode(
                Opcodes.INVOKESTATIC, Redirects.HOOKS, "machineOf", "(Ljava/lang/Class;)" + Redirects.MACHINE_TYPE));
        code.add(new FieldInsnNode(Opcodes.PUTSTATIC, type, MACHINE_FIELD, Redirects.MACHINE_TYPE));
        return code;
    }

    private static MethodNode initialiser(ClassNode type) {
        for (MethodNode method : type.methods) {
            if (method.name.equals("<clinit>")) {
                return method;
            }
        }
        MethodNode added = new MethodNode(Opcodes.ACC_STATIC, "<clinit>", "()V", null, null);
        added.instructions.add(new InsnNode(Opcodes.RETURN));
        type.methods.add(added);
        return added;
    }
}
