// SPDX-License-Identifier: Apache-2.0
package id.ssncard.simulator.torture;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.OwnerPIN;
import javacard.framework.TransactionException;
import javacard.framework.Util;
import javacard.security.AESKey;
import javacard.security.KeyBuilder;
import javacard.security.RandomData;
import javacardx.crypto.Cipher;

/**
 * An applet that does what it is told: a command's data is a script of operations, each a byte and its arguments.
 *
 * <p>Answers what the operations say, in their order. A script of its own may run in select() and in deselect().
 */
public final class TortureApplet extends Applet {
    /** AID, hexadecimal. */
    public static final String AID = "f0544f5254";

    /** Runs the script. */
    public static final byte RUN = 0x10;
    /** Answers all state, see {@link #dump}. */
    public static final byte DUMP = 0x20;
    /** Keeps the script for select(). */
    public static final byte ON_SELECT = 0x30;
    /** Keeps the script for deselect(). */
    public static final byte ON_DESELECT = 0x40;
    /** Runs a loop P1 times. */
    public static final byte LOOP = 0x50;

    /** Bytes of {@link #bytes}. */
    public static final short SIZE = 64;

    private static byte classByte;
    private static final byte[] CONSTANT = {1, 2, 3};

    private final byte[] bytes = new byte[SIZE];
    private final short[] shorts = new short[4];
    private final boolean[] flags = new boolean[4];
    private final Object[] references = new Object[2];
    private final byte[] onReset = JCSystem.makeTransientByteArray((short) 4, JCSystem.CLEAR_ON_RESET);
    private final byte[] onDeselect = JCSystem.makeTransientByteArray((short) 4, JCSystem.CLEAR_ON_DESELECT);
    private final short[] transientShorts = JCSystem.makeTransientShortArray((short) 2, JCSystem.CLEAR_ON_RESET);
    private final boolean[] transientFlags = JCSystem.makeTransientBooleanArray((short) 2, JCSystem.CLEAR_ON_RESET);
    private final Object[] transientReferences =
            JCSystem.makeTransientObjectArray((short) 2, JCSystem.CLEAR_ON_DESELECT);
    private final byte[] scratch = JCSystem.makeTransientByteArray((short) 64, JCSystem.CLEAR_ON_RESET);
    private final byte[] selectScript = new byte[16];
    private final byte[] deselectScript = new byte[16];
    private final AESKey key = (AESKey) KeyBuilder.buildKey(KeyBuilder.TYPE_AES, KeyBuilder.LENGTH_AES_128, false);
    private final AESKey sessionKey = (AESKey)
            KeyBuilder.buildKey(KeyBuilder.TYPE_AES_TRANSIENT_DESELECT, KeyBuilder.LENGTH_AES_128, false);
    private final Cipher cipher = Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false);
    @SuppressWarnings("deprecation") // by later versions of the API
    private final RandomData random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
    private final OwnerPIN pin = new OwnerPIN((byte) 3, (byte) 4);
    private byte byteField;
    private short shortField;
    private boolean flagField;
    private Object reference;

    private TortureApplet() {
        Util.arrayFillNonAtomic(scratch, (short) 0, (short) 4, (byte) 0);
        pin.update(scratch, (short) 0, (byte) 4);
    }

    /** Java Card entry point. */
    public static void install(byte[] parameters, short offset, byte length) {
        new TortureApplet().register(parameters, (short) (offset + 1), parameters[offset]);
    }

    @Override
    public boolean select() {
        runKept(selectScript);
        return true;
    }

    @Override
    public void deselect() {
        runKept(deselectScript);
    }

    @Override
    public void process(APDU apdu) {
        byte[] buffer = apdu.getBuffer();
        if (selectingApplet()) {
            // Whether select() has left a transaction to us.
            buffer[0] = JCSystem.getTransactionDepth();
            apdu.setOutgoingAndSend((short) 0, (short) 1);
            return;
        }
        byte ins = buffer[ISO7816.OFFSET_INS];
        short length = ins == DUMP || ins == LOOP ? 0 : apdu.setIncomingAndReceive();
        switch (ins) {
            case RUN:
                Util.arrayCopyNonAtomic(buffer, ISO7816.OFFSET_CDATA, scratch, (short) 0, length);
                short out = runAll(apdu, length);
                apdu.setOutgoingAndSend((short) 0, out);
                return;
            case DUMP:
                apdu.setOutgoingAndSend((short) 0, dump(buffer));
                return;
            case ON_SELECT:
                keep(buffer, length, selectScript);
                return;
            case ON_DESELECT:
                keep(buffer, length, deselectScript);
                return;
            case LOOP:
                loop((short) (buffer[ISO7816.OFFSET_P1] & 0xFF));
                return;
            default:
                ISOException.throwIt(ISO7816.SW_INS_NOT_SUPPORTED);
        }
    }

    private static void keep(byte[] buffer, short length, byte[] script) {
        Util.arrayFillNonAtomic(script, (short) 0, (short) script.length, (byte) 0);
        Util.arrayCopyNonAtomic(buffer, ISO7816.OFFSET_CDATA, script, (short) 0, length);
    }

    private void runKept(byte[] script) {
        for (short at = 0; at < (short) script.length && script[at] != 0;) {
            at = step(null, script, at, scratch, (short) 32);
        }
    }

    private short runAll(APDU apdu, short length) {
        byte[] buffer = apdu.getBuffer();
        short out = 0;
        for (short at = 0; at < length;) {
            switch (scratch[at]) {
                case Op.GUARD:
                    // Answers what the next operation throws of the transaction facility, or 0.
                    short next = (short) (at + 1);
                    buffer[out] = 0;
                    try {
                        at = step(apdu, scratch, next, buffer, (short) (out + 1));
                    } catch (TransactionException thrown) {
                        buffer[out] = (byte) thrown.getReason();
                        at = (short) (next + Op.length(scratch[next]));
                    }
                    out++;
                    break;
                case Op.CATCH_ALL:
                    try {
                        for (at++; at < length;) {
                            at = step(apdu, scratch, at, buffer, out);
                        }
                    } catch (Throwable everything) {
                        // What a careless applet does: goes on and writes.
                        bytes[(short) (SIZE - 1)] = 0x55;
                        at = length;
                    }
                    break;
                case Op.CATCH_AND_SPIN:
                    try {
                        for (at++; at < length;) {
                            at = step(apdu, scratch, at, buffer, out);
                        }
                    } catch (Throwable everything) {
                        while (onReset[1] == 0) {
                            onReset[2]++;
                        }
                    }
                    break;
                default:
                    byte op = scratch[at];
                    at = step(apdu, scratch, at, buffer, out);
                    out += Op.answer(op);
            }
        }
        return out;
    }

    /** One operation at {@code at}; writes its answer to {@code out} and returns the offset after it. */
    private short step(APDU apdu, byte[] script, short at, byte[] buffer, short out) {
        byte op = script[at];
        byte a = (short) (at + 1) < (short) script.length ? script[(short) (at + 1)] : 0;
        byte b = (short) (at + 2) < (short) script.length ? script[(short) (at + 2)] : 0;
        byte c = (short) (at + 3) < (short) script.length ? script[(short) (at + 3)] : 0;
        if (op < Op.KEY_SET) {
            memory(op, a, b, c, apdu);
        } else {
            framework(op, a, buffer, out);
        }
        return (short) (at + Op.length(op));
    }

    private void memory(byte op, byte a, byte b, byte c, APDU apdu) {
        switch (op) {
            case Op.BEGIN:
                JCSystem.beginTransaction();
                break;
            case Op.COMMIT:
                JCSystem.commitTransaction();
                break;
            case Op.ABORT:
                JCSystem.abortTransaction();
                break;
            case Op.FAIL:
                bytes[SIZE] = 0;
                break;
            case Op.REFUSE:
                ISOException.throwIt(ISO7816.SW_DATA_INVALID);
                break;
            case Op.BYTE:
                bytes[a] = b;
                break;
            case Op.SHORT:
                shorts[a] = Util.makeShort(b, c);
                break;
            case Op.FLAG:
                flags[a] = b != 0;
                break;
            case Op.REFERENCE:
                references[a] = object(b, apdu);
                break;
            case Op.BYTE_FIELD:
                byteField = a;
                break;
            case Op.SHORT_FIELD:
                shortField = Util.makeShort(a, b);
                break;
            case Op.FLAG_FIELD:
                flagField = a != 0;
                break;
            case Op.CLASS_FIELD:
                classByte = a;
                break;
            case Op.REFERENCE_FIELD:
                reference = object(a, apdu);
                break;
            case Op.FILL:
                Util.arrayFillNonAtomic(bytes, a, b, c);
                break;
            case Op.COPY:
                Util.arrayFillNonAtomic(scratch, (short) 32, b, c);
                Util.arrayCopy(scratch, (short) 32, bytes, a, b);
                break;
            case Op.COPY_NON_ATOMIC:
                Util.arrayFillNonAtomic(scratch, (short) 32, b, c);
                Util.arrayCopyNonAtomic(scratch, (short) 32, bytes, a, b);
                break;
            case Op.SET_SHORT:
                Util.setShort(bytes, a, Util.makeShort(b, c));
                break;
            case Op.TRANSIENT:
                onReset[0] = a;
                onDeselect[0] = a;
                transientShorts[1] = a;
                transientFlags[1] = a != 0;
                transientReferences[1] = a == 0 ? null : bytes;
                break;
            case Op.SHIFT:
                Util.arrayCopy(bytes, a, bytes, b, c);
                break;
            case Op.ALLOCATE:
                allocate(a);
                break;
            default:
                ISOException.throwIt(ISO7816.SW_FUNC_NOT_SUPPORTED);
        }
    }

    private Object object(byte which, APDU apdu) {
        switch (which) {
            case 1:
                return bytes;
            case 2:
                return onReset;
            case 3:
                return apdu.getBuffer();
            case 4:
                return apdu;
            default:
                return null;
        }
    }

    private static void allocate(byte what) {
        switch (what) {
            case 1:
                keepAlive(new byte[4]);
                break;
            case 2:
                keepAlive(new Object());
                break;
            case 3:
                keepAlive(JCSystem.makeTransientByteArray((short) 4, JCSystem.CLEAR_ON_RESET));
                break;
            default:
                keepAlive(Cipher.getInstance(Cipher.ALG_AES_BLOCK_128_CBC_NOPAD, false));
        }
    }

    private static void keepAlive(Object made) {
        if (made == CONSTANT) {
            ISOException.throwIt(ISO7816.SW_UNKNOWN);
        }
    }

    @SuppressWarnings("deprecation") // generateData: 2.2.2 has no other
    private void framework(byte op, byte a, byte[] buffer, short out) {
        Util.arrayFillNonAtomic(transientArea(), (short) 32, (short) 16, a);
        switch (op) {
            case Op.KEY_SET:
                key.setKey(scratch, (short) 32);
                break;
            case Op.KEY_CLEAR:
                key.clearKey();
                break;
            case Op.SESSION_KEY_SET:
                sessionKey.setKey(scratch, (short) 32);
                break;
            case Op.INIT:
                cipher.init(a == 0 ? key : sessionKey, Cipher.MODE_ENCRYPT);
                break;
            case Op.UPDATE:
                cipher.update(scratch, (short) 32, (short) 16, scratch, (short) 48);
                break;
            case Op.FINAL:
                cipher.doFinal(scratch, (short) 32, (short) 16, buffer, out);
                break;
            case Op.FINAL_PERSISTENT:
                cipher.doFinal(scratch, (short) 32, (short) 16, bytes, (short) 0);
                break;
            case Op.RANDOM:
                random.generateData(buffer, out, (short) 8);
                break;
            case Op.RANDOM_PERSISTENT:
                random.generateData(bytes, (short) 0, (short) 8);
                break;
            case Op.PIN_UPDATE:
                pin.update(scratch, (short) 32, (byte) 4);
                break;
            case Op.PIN_CHECK:
                buffer[out] = (byte) (pin.check(scratch, (short) 32, (byte) 4) ? 1 : 0);
                break;
            case Op.PIN_CHECK_OUTSIDE:
                pin.check(scratch, (short) 62, (byte) 4);
                break;
            case Op.PIN_UNBLOCK:
                pin.resetAndUnblock();
                break;
            case Op.ASK:
                buffer[out] = JCSystem.getTransactionDepth();
                Util.setShort(buffer, (short) (out + 1), JCSystem.getUnusedCommitCapacity());
                Util.setShort(buffer, (short) (out + 3), JCSystem.getMaxCommitCapacity());
                break;
            default:
                ISOException.throwIt(ISO7816.SW_FUNC_NOT_SUPPORTED);
        }
    }

    private byte[] transientArea() {
        return scratch;
    }

    /**
     * 64 bytes | 4 shorts | 4 flags | 2 references (1: bytes, 2: onReset) | byte, short, flag, class and reference field
     * | onReset, onDeselect, short, flag, reference | tries, validated | key set, session key set.
     */
    private short dump(byte[] out) {
        short at = Util.arrayCopyNonAtomic(bytes, (short) 0, out, (short) 0, SIZE);
        for (short i = 0; i < 4; i++) {
            at = Util.setShort(out, at, shorts[i]);
        }
        for (short i = 0; i < 4; i++) {
            out[at++] = (byte) (flags[i] ? 1 : 0);
        }
        out[at++] = name(references[0]);
        out[at++] = name(references[1]);
        out[at++] = byteField;
        at = Util.setShort(out, at, shortField);
        out[at++] = (byte) (flagField ? 1 : 0);
        out[at++] = classByte;
        out[at++] = name(reference);
        out[at++] = onReset[0];
        out[at++] = onDeselect[0];
        at = Util.setShort(out, at, transientShorts[1]);
        out[at++] = (byte) (transientFlags[1] ? 1 : 0);
        out[at++] = name(transientReferences[1]);
        out[at++] = pin.getTriesRemaining();
        out[at++] = (byte) (pin.isValidated() ? 1 : 0);
        out[at++] = (byte) (key.isInitialized() ? 1 : 0);
        out[at++] = (byte) (sessionKey.isInitialized() ? 1 : 0);
        return at;
    }

    private byte name(Object object) {
        return (byte) (object == null ? 0 : object == bytes ? 1 : object == onReset ? 2 : 9);
    }

    /** 14 instructions a turn, two of which a converter leaves out. */
    private static short loop(short turns) {
        short sum = 0;
        for (short i = 0; i < turns; i++) {
            sum ^= i;
        }
        return sum;
    }
}
