// SPDX-License-Identifier: Apache-2.0
package id.ssncard.applet;

import javacard.framework.APDU;
import javacard.framework.Applet;
import javacard.framework.ISO7816;
import javacard.framework.ISOException;
import javacard.framework.JCSystem;
import javacard.framework.Util;
import javacard.security.RandomData;

/** The SSN card: takes commands apart and hands them on. Everything is allocated here, at installation. */
public final class SsnCardApplet extends Applet {

    private static final byte CLA_ISO = 0x00;
    private static final byte CLA_PLAIN = (byte) 0x80;
    private static final byte CLA_SECURE = (byte) 0x84;
    private static final short DATA = ISO7816.OFFSET_CDATA;

    private final byte[] ram = JCSystem.makeTransientByteArray(Ram.SIZE, JCSystem.CLEAR_ON_DESELECT);
    private final Store store;
    private final Terminal terminal;
    private final Purse purse;
    private final Updates updates;
    private final SecureChannel channel;
    private final Pin pin;
    private final Personalization personalization;

    private SsnCardApplet(byte[] data, short offset) {
        RandomData random = RandomData.getInstance(RandomData.ALG_SECURE_RANDOM);
        Mac mac = new Mac(ram);
        store = new Store(data, offset);
        terminal = new Terminal(ram, store, mac, random);
        pin = new Pin(ram, store);
        purse = new Purse(ram, store, terminal, pin);
        updates = new Updates(ram, store, terminal, mac);
        channel = new SecureChannel(ram, store, mac, random);
        personalization = new Personalization(ram, store, channel, terminal, pin, mac);
    }

    /**
     * Installs with the applet-specific install data {@code serial | transport ENC | MAC | DEK} (56 bytes).
     *
     * @param array GlobalPlatform install parameters: AID, control information and applet data, each after its length
     */
    public static void install(byte[] array, short offset, byte length) {
        short at = (short) (offset + 1 + array[offset]);
        at += (short) (1 + array[at]);
        // Whatever lies behind what was given is no key.
        if (array[at] != Protocol.INSTALL_DATA_SIZE
                || (short) (at + 1 + Protocol.INSTALL_DATA_SIZE) > (short) (offset + (length & 0xFF))) {
            ISOException.throwIt(Protocol.SW_WRONG_DATA);
        }
        new SsnCardApplet(array, (short) (at + 1)).register(array, (short) (offset + 1), array[offset]);
    }

    @Override
    public void process(APDU apdu) {
        byte[] buffer = apdu.getBuffer();
        byte cla = buffer[ISO7816.OFFSET_CLA];
        if (cla == CLA_PLAIN) {
            plain(apdu, buffer);
        } else if (selectingApplet()) {
            // The AID, which the runtime has seen already; but nothing may be sent before all was received.
            receive(apdu, buffer);
            apdu.setOutgoingAndSend((short) 0, terminal.select(buffer));
        } else if (cla == CLA_SECURE) {
            secure(apdu, buffer, receive(apdu, buffer));
        } else {
            // A SELECT of another applet, which the card does not have, the runtime hands to us.
            ISOException.throwIt(cla != CLA_ISO ? Protocol.SW_CLA_NOT_SUPPORTED
                    : buffer[ISO7816.OFFSET_INS] == Protocol.INS_SELECT ? Protocol.SW_FILE_NOT_FOUND
                    : Protocol.SW_INS_NOT_SUPPORTED);
        }
    }

    /**
     * The data field; its length. For an instruction that has one only: of another the card would wait for data that
     * never come (T=0), or take Le for their length.
     */
    private static short receive(APDU apdu, byte[] buffer) {
        short received = apdu.setIncomingAndReceive();
        return received == (short) (buffer[ISO7816.OFFSET_LC] & 0xFF) ? received : receiveRest(apdu, buffer, received);
    }

    /** A T=1 card may hand the data over in pieces. A command without data has Le, or nothing, in the place of Lc. */
    private static short receiveRest(APDU apdu, byte[] buffer, short first) {
        short announced = (short) (buffer[ISO7816.OFFSET_LC] & 0xFF);
        short received = first;
        if (received == 0) {
            return 0;
        }
        if (announced > (short) (buffer.length - DATA)) {
            ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
        }
        while (received < announced) {
            received += apdu.receiveBytes((short) (DATA + received));
        }
        return received;
    }

    private void plain(APDU apdu, byte[] buffer) {
        switch (buffer[ISO7816.OFFSET_INS]) {
            case Protocol.INS_DEBIT:
                purse.debit(buffer, receive(apdu, buffer));
                apdu.setOutgoingAndSend(Terminal.ANSWER, Terminal.ANSWER_LENGTH);
                break;
            case Protocol.INS_CANCEL:
                purse.cancel(buffer, receive(apdu, buffer));
                apdu.setOutgoingAndSend(Terminal.ANSWER, Terminal.ANSWER_LENGTH);
                break;
            case Protocol.INS_OVERRIDE:
                purse.override(buffer, receive(apdu, buffer));
                apdu.setOutgoingAndSend(Terminal.ANSWER, Terminal.ANSWER_LENGTH);
                break;
            case Protocol.INS_READ_RECEIPT:
            case Protocol.INS_GET_STATUS:
            case Protocol.INS_VERIFY:
            case Protocol.INS_CHANGE_REFERENCE_DATA:
                query(apdu, buffer, buffer[ISO7816.OFFSET_INS]);
                break;
            case Protocol.INS_UPDATE:
                apdu.setOutgoingAndSend((short) 0, updates.update(buffer, receive(apdu, buffer)));
                break;
            case Protocol.INS_INITIALIZE_UPDATE:
                if (buffer[ISO7816.OFFSET_P2] != 0) {
                    ISOException.throwIt(Protocol.SW_WRONG_P1P2);
                }
                if (receive(apdu, buffer) != 8) {
                    ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
                }
                apdu.setOutgoingAndSend((short) 0, channel.initializeUpdate(buffer));
                break;
            default:
                ISOException.throwIt(Protocol.SW_INS_NOT_SUPPORTED);
        }
    }

    private void secure(APDU apdu, byte[] buffer, short length) {
        if (buffer[ISO7816.OFFSET_INS] == Protocol.INS_EXTERNAL_AUTHENTICATE) {
            if (length != 16) {
                ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
            }
            channel.externalAuthenticate(buffer);
            return;
        }
        short data = channel.unwrap(buffer, length);
        short answer = 0;
        switch (buffer[ISO7816.OFFSET_INS]) {
            case Protocol.INS_STORE_DATA:
                personalization.storeData(buffer, data);
                break;
            case Protocol.INS_GET_DATA:
                if (Util.getShort(buffer, ISO7816.OFFSET_P1) != Protocol.DGI_IDENTITY) {
                    ISOException.throwIt(Protocol.SW_WRONG_P1P2);
                }
                answer = personalization.getData(buffer);
                break;
            default:
                ISOException.throwIt(Protocol.SW_INS_NOT_SUPPORTED);
        }
        answer = channel.wrap(buffer, answer);
        // STORE DATA without R-MAC answers nothing, and then nothing may be sent.
        if (answer != 0) {
            apdu.setOutgoingAndSend((short) 0, answer);
        }
    }

    /** What moves no money; its answer's MAC is the next challenge. */
    private void query(APDU apdu, byte[] buffer, byte ins) {
        short length = 0;
        terminal.authenticateQuery(buffer, receive(apdu, buffer));
        if (ins == Protocol.INS_GET_STATUS) {
            length = status(buffer);
        } else if (ins == Protocol.INS_READ_RECEIPT) {
            length = store.ledger.read(ram, buffer, (short) (DATA + Protocol.RECEIPT_QUERY_SEQ));
        } else {
            terminal.unmask(buffer);
            if (ins == Protocol.INS_VERIFY) {
                pin.verify(buffer);
            } else {
                pin.change(buffer);
            }
        }
        apdu.setOutgoingAndSend((short) 0, terminal.answer(buffer, length, ins));
    }

    /** GET STATUS: number, result and month from RAM, then the entitlement without its number and reference. */
    private short status(byte[] buffer) {
        short at = Util.arrayCopyNonAtomic(ram, Ram.SEQ, buffer, (short) 0, (short) 4);
        at = Util.arrayCopyNonAtomic(ram, Ram.RESULT, buffer, at, Protocol.RESULT_SIZE);
        at = Util.arrayCopyNonAtomic(ram, Ram.MONTH, buffer, at, (short) 2);
        at = Util.arrayCopyNonAtomic(ram, Ram.EXTRA_MONTH, buffer, at, (short) (Ram.SEQ - Ram.EXTRA_MONTH));
        buffer[at++] = pin.choice();
        buffer[at++] = pin.tries();
        return Util.arrayCopyNonAtomic(store.entitlements.places,
                (short) (Entitlements.offset(ram[Ram.ENTITLEMENT]) + Protocol.ENTITLEMENT_LOADED_TOTAL), buffer, at,
                (short) (Protocol.ENTITLEMENT_REFERENCE - Protocol.ENTITLEMENT_LOADED_TOTAL));
    }
}
