// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.rewrite;

import java.util.Map;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.MethodInsnNode;

/** API methods that are replaced by a hook with the same parameters and, after them, the card. */
final class Redirects {
    static final String MACHINE = "id/ssncard/simulator/card/Machine";
    static final String MACHINE_TYPE = "L" + MACHINE + ";";
    static final String HOOKS = "id/ssncard/simulator/card/Hooks";

    static final String OWNER_PIN = "javacard/framework/OwnerPIN";
    static final String CARD_PIN = "id/ssncard/simulator/card/CardPin";

    private static final String UTIL = "javacard/framework/Util.";
    private static final String SYSTEM = "javacard/framework/JCSystem.";
    private static final String APDU = "javacard/framework/APDU.";

    private static final Map<String, String> HOOK_NAMES = Map.ofEntries(
            Map.entry(UTIL + "arrayCopy([BS[BSS)S", "arrayCopy"),
            Map.entry(UTIL + "arrayCopyNonAtomic([BS[BSS)S", "arrayCopyNonAtomic"),
            Map.entry(UTIL + "arrayFillNonAtomic([BSSB)S", "arrayFillNonAtomic"),
            Map.entry(UTIL + "setShort([BSS)S", "setShort"),
            Map.entry(UTIL + "arrayCompare([BS[BSS)B", "arrayCompare"),
            Map.entry(APDU + "setIncomingAndReceive()S", "setIncomingAndReceive"),
            Map.entry(APDU + "receiveBytes(S)S", "receiveBytes"),
            Map.entry(APDU + "setOutgoing()S", "setOutgoing"),
            Map.entry(APDU + "setOutgoingNoChaining()S", "setOutgoingNoChaining"),
            Map.entry(APDU + "setOutgoingAndSend(SS)V", "setOutgoingAndSend"),
            Map.entry(SYSTEM + "makeTransientByteArray(SB)[B", "makeTransientByteArray"),
            Map.entry(SYSTEM + "makeTransientBooleanArray(SB)[Z", "makeTransientBooleanArray"),
            Map.entry(SYSTEM + "makeTransientShortArray(SB)[S", "makeTransientShortArray"),
            Map.entry(SYSTEM + "makeTransientObjectArray(SB)[Ljava/lang/Object;", "makeTransientObjectArray"),
            Map.entry("javacard/security/KeyBuilder.buildKey(BSZ)Ljavacard/security/Key;", "buildKey"),
            Map.entry("javacardx/crypto/Cipher.getInstance(BZ)Ljavacardx/crypto/Cipher;", "cipher"),
            Map.entry("javacard/security/Signature.getInstance(BZ)Ljavacard/security/Signature;", "signature"),
            Map.entry("javacard/security/RandomData.getInstance(B)Ljavacard/security/RandomData;", "random"));

    private Redirects() {}

    /** Whether a class belongs to the Java Card API. */
    static boolean isApi(String owner) {
        return owner.startsWith("javacard/") || owner.startsWith("javacardx/");
    }

    /** Methods of {@code Applet} that an applet calls on itself: the instruction then names its own class. */
    private static final Set<String> INHERITED =
            Set.of("selectingApplet()Z", "reSelectingApplet()Z", "register()V", "register([BSB)V");

    /** Whether a call is one of the API's, by its owner or by inheritance. */
    static boolean isApiCall(MethodInsnNode call) {
        return isApi(call.owner) || INHERITED.contains(call.name + call.desc);
    }

    /** Name of the hook that replaces a call, or null. */
    static String hook(MethodInsnNode call) {
        return HOOK_NAMES.get(call.owner + "." + call.name + call.desc);
    }

    /** Whether a static API method makes an object whose state no hook follows. */
    static boolean makesUntracked(MethodInsnNode call) {
        return isApi(call.owner) && call.name.equals("getInstance") && hook(call) == null;
    }

    /** Descriptor of the hook that replaces a call: its object if it has one, its parameters, the card. */
    static String withMachine(MethodInsnNode call) {
        String object = call.getOpcode() == Opcodes.INVOKESTATIC ? "" : "L" + call.owner + ";";
        int end = call.desc.indexOf(')');
        return "(" + object + call.desc.substring(1, end) + MACHINE_TYPE + call.desc.substring(end);
    }

    /** {@code Util.arrayCopy}, for the counters. */
    static String shortName(MethodInsnNode call) {
        if (!isApi(call.owner)) {
            return "Applet." + call.name;
        }
        String owner = Type.getObjectType(call.owner).getClassName();
        String name = call.name.equals("<init>") ? "new" : call.name;
        return owner.substring(owner.lastIndexOf('.') + 1) + "." + name;
    }
}
