// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.card;

import java.util.Arrays;
import javacard.framework.APDU;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.Key;
import javacard.security.KeyBuilder;
import javacard.security.RandomData;
import javacard.security.Signature;
import javacardx.crypto.Cipher;

/**
 * Where rewritten classes go instead of an instruction or an API method: its operands, then their card.
 *
 * <p>Names and descriptors are those that {@code Rewriter} and {@code Redirects} write.
 */
public final class Hooks {
    private Hooks() {}

    /** The card of an applet's class; first thing in its class initialiser. */
    public static Machine machineOf(Class<?> appletClass) {
        return ((MachineHolder) appletClass.getClassLoader()).machine();
    }

    /** BASTORE, which serves byte and boolean arrays alike. */
    public static void bastore(Object array, int index, int value, Machine machine) {
        if (array instanceof byte[] bytes) {
            machine.arrays().store(bytes, index, (byte) value);
        } else {
            machine.arrays().store((boolean[]) array, index, (value & 1) != 0);
        }
    }

    /** SASTORE. */
    public static void sastore(short[] array, int index, int value, Machine machine) {
        machine.arrays().store(array, index, (short) value);
    }

    /** IASTORE. */
    public static void iastore(int[] array, int index, int value, Machine machine) {
        machine.arrays().store(array, index, value);
    }

    /** AASTORE. */
    public static void aastore(Object[] array, int index, Object value, Machine machine) {
        machine.arrays().store(array, index, value);
    }

    /** Before PUTFIELD of a primitive. */
    public static void putField(Object target, int value, Machine machine, int field) {
        if (target != null) {
            machine.fields().write(target, field, value);
        }
    }

    /** Before PUTFIELD of a reference. */
    public static void putField(Object target, Object value, Machine machine, int field) {
        machine.arrays().mayBeKept(value);
        if (target != null) {
            machine.fields().writeReference(target, field);
        }
    }

    /** Before PUTSTATIC of a primitive. */
    public static void putStatic(int value, Class<?> owner, Machine machine, int field) {
        machine.fields().write(owner, field, value);
    }

    /** Before PUTSTATIC of a reference. */
    public static void putStatic(Object value, Class<?> owner, Machine machine, int field) {
        machine.arrays().mayBeKept(value);
        machine.fields().writeReference(owner, field);
    }

    /** Before NEW. */
    public static void allocateObject(Machine machine, String type) {
        machine.allocate(type, 0);
    }

    /** Before NEWARRAY and ANEWARRAY: {@code width} bytes a component. */
    public static void allocateArray(int length, Machine machine, int width) {
        machine.allocate("array of " + length, Math.max(length, 0) * width);
    }

    /** {@code APDU.setIncomingAndReceive}. */
    public static short setIncomingAndReceive(APDU apdu, Machine machine) {
        return machine.conversation().receive(apdu);
    }

    /** {@code APDU.receiveBytes}. */
    public static short receiveBytes(APDU apdu, short offset, Machine machine) {
        return machine.conversation().receiveMore(apdu, offset);
    }

    /** {@code APDU.setOutgoing}. */
    public static short setOutgoing(APDU apdu, Machine machine) {
        machine.conversation().send();
        return apdu.setOutgoing();
    }

    /** {@code APDU.setOutgoingNoChaining}. */
    public static short setOutgoingNoChaining(APDU apdu, Machine machine) {
        machine.conversation().send();
        return apdu.setOutgoingNoChaining();
    }

    /** {@code APDU.setOutgoingAndSend}. */
    public static void setOutgoingAndSend(APDU apdu, short offset, short length, Machine machine) {
        machine.conversation().send();
        apdu.setOutgoingAndSend(offset, length);
    }

    /** {@code Util.arrayCompare}. */
    public static byte arrayCompare(
            byte[] left, short leftOffset, byte[] right, short rightOffset, short length, Machine machine) {
        return machine.takes(Freedom.SIGNED_COMPARE)
                ? (byte) Integer.signum(Arrays.compare(
                        left, leftOffset, leftOffset + length, right, rightOffset, rightOffset + length))
                : Util.arrayCompare(left, leftOffset, right, rightOffset, length);
    }

    /** {@code Util.arrayCopy}. */
    public static short arrayCopy(byte[] from, short fromOffset, byte[] to, short toOffset, short length, Machine machine) {
        return machine.arrays().copy(WriteKind.COPY, from, fromOffset, to, toOffset, length);
    }

    /** {@code Util.arrayCopyNonAtomic}. */
    public static short arrayCopyNonAtomic(
            byte[] from, short fromOffset, byte[] to, short toOffset, short length, Machine machine) {
        return machine.arrays().copy(WriteKind.COPY_NON_ATOMIC, from, fromOffset, to, toOffset, length);
    }

    /** {@code Util.arrayFillNonAtomic}. */
    public static short arrayFillNonAtomic(byte[] array, short offset, short length, byte value, Machine machine) {
        return machine.arrays().fill(array, offset, length, value);
    }

    /** {@code Util.setShort}. */
    public static short setShort(byte[] array, short offset, short value, Machine machine) {
        return machine.arrays().setShort(array, offset, value);
    }

    /** {@code JCSystem.makeTransientByteArray}. */
    public static byte[] makeTransientByteArray(short length, byte event, Machine machine) {
        machine.allocate("transient byte array", 0);
        return machine.volatileMemory().transientArray(new byte[length], event, length);
    }

    /** {@code JCSystem.makeTransientBooleanArray}. */
    public static boolean[] makeTransientBooleanArray(short length, byte event, Machine machine) {
        machine.allocate("transient boolean array", 0);
        return machine.volatileMemory().transientArray(new boolean[length], event, length);
    }

    /** {@code JCSystem.makeTransientShortArray}. */
    public static short[] makeTransientShortArray(short length, byte event, Machine machine) {
        machine.allocate("transient short array", 0);
        return machine.volatileMemory().transientArray(new short[length], event, 2 * length);
    }

    /** {@code JCSystem.makeTransientObjectArray}. */
    public static Object[] makeTransientObjectArray(short length, byte event, Machine machine) {
        machine.allocate("transient object array", 0);
        return machine.volatileMemory().transientArray(new Object[length], event, 2 * length);
    }

    /** {@code KeyBuilder.buildKey}. */
    public static Key buildKey(byte type, short bits, boolean encrypts, Machine machine) {
        byte event = Engines.clearEvent(type);
        // jCardSim judges type and length.
        Key plain = KeyBuilder.buildKey(type, bits, encrypts);
        if (event < 0) {
            machine.allocate("key", 0);
            machine.untracked(plain.getClass().getSimpleName());
            return plain;
        }
        machine.allocate("key", event == JCSystem.NOT_A_TRANSIENT_OBJECT ? bits / 8 : 0);
        return machine.adopt(new CardKey(machine, type, bits, event));
    }

    /** {@code Cipher.getInstance}. */
    public static Cipher cipher(byte algorithm, boolean external, Machine machine) {
        machine.allocate("Cipher", 0);
        return machine.adopt(new CardCipher(machine, Cipher.getInstance(algorithm, external)));
    }

    /** {@code Signature.getInstance}. */
    public static Signature signature(byte algorithm, boolean external, Machine machine) {
        machine.allocate("Signature", 0);
        return machine.adopt(new CardSignature(machine, Signature.getInstance(algorithm, external)));
    }

    /** {@code RandomData.getInstance}. */
    public static RandomData random(byte algorithm, Machine machine) {
        machine.allocate("RandomData", 0);
        // jCardSim judges the algorithm.
        RandomData.getInstance(algorithm);
        return machine.adopt(new CardRandom(machine, algorithm));
    }

    /** Before a static factory of the API that no hook replaces. */
    public static void allocateUntracked(Machine machine, String method) {
        machine.allocate(method, 0);
        machine.untracked(method);
    }
}
