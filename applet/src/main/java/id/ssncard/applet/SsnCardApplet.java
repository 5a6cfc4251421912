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
        purse = new Purse(ram, store, terminal);
        updates = new Updates(ram, store, terminal, mac);
        channel = new SecureChannel(ram, store, mac, random);
        pin = new Pin(store);
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
        if (array[at] != Protocol.INSTALL_DATA_SIZE) {
            ISOException.throwIt(Protocol.SW_WRONG_DATA);
        }
        new SsnCardApplet(array, (short) (at + 1)).register(array, (short) (offset + 1), array[offset]);
    }

    /** A PIN is good for one selection. */
    @Override
    public void deselect() {
        store.pin.reset();
    }

    @Override
    public void process(APDU apdu) {
        byte[] buffer = apdu.getBuffer();
        if (selectingApplet()) {
            apdu.setOutgoingAndSend((short) 0, terminal.select(buffer));
            return;
        }
        byte cla = buffer[ISO7816.OFFSET_CLA];
        if (cla == CLA_PLAIN) {
            plain(apdu, buffer, receive(apdu, buffer));
        } else if (cla == CLA_SECURE) {
            secure(apdu, buffer, receive(apdu, buffer));
        } else if (cla == CLA_ISO) {
            iso(buffer, receive(apdu, buffer));
        } else {
            ISOException.throwIt(Protocol.SW_CLA_NOT_SUPPORTED);
        }
    }

    private void iso(byte[] buffer, short length) {
        switch (buffer[ISO7816.OFFSET_INS]) {
            case Protocol.INS_VERIFY:
                pin.verify(buffer, length);
                break;
            case Protocol.INS_CHANGE_REFERENCE_DATA:
                pin.change(buffer, length);
                break;
            case Protocol.INS_SELECT:
                // Of another applet, which the card does not have: the runtime hands it to us.
                ISOException.throwIt(Protocol.SW_FILE_NOT_FOUND);
                break;
            default:
                ISOException.throwIt(Protocol.SW_INS_NOT_SUPPORTED);
        }
    }

    /** The data field; its length. A T=1 card may hand it over in pieces. */
    private static short receive(APDU apdu, byte[] buffer) {
        short announced = (short) (buffer[ISO7816.OFFSET_LC] & 0xFF);
        short received = apdu.setIncomingAndReceive();
        if (received != announced) {
            // Also a command without data: there the byte is Le, or absent.
            if (received == 0 || announced > (short) (buffer.length - DATA)) {
                if (received != 0) {
                    ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
                }
                return 0;
            }
            while (received < announced) {
                received += apdu.receiveBytes((short) (DATA + received));
            }
        }
        return received;
    }

    private void plain(APDU apdu, byte[] buffer, short length) {
        switch (buffer[ISO7816.OFFSET_INS]) {
            case Protocol.INS_DEBIT:
                require(buffer, length, Protocol.MOVEMENT_SIZE);
                apdu.setOutgoingAndSend(purse.debit(buffer), Terminal.MOVEMENT_ANSWER_LENGTH);
                break;
            case Protocol.INS_CANCEL:
                require(buffer, length, Protocol.MOVEMENT_SIZE);
                apdu.setOutgoingAndSend(purse.cancel(buffer), Terminal.MOVEMENT_ANSWER_LENGTH);
                break;
            case Protocol.INS_OVERRIDE:
                require(buffer, length, Protocol.MOVEMENT_SIZE);
                apdu.setOutgoingAndSend(purse.override(buffer), Terminal.MOVEMENT_ANSWER_LENGTH);
                break;
            case Protocol.INS_RECOVER:
                require(buffer, length, Protocol.RECOVERY_SIZE);
                authenticate(buffer, Protocol.RECOVERY_SIZE);
                answer(apdu, buffer, store.ledger.recover(buffer, (short) (DATA + Protocol.RECOVERY_TERMINAL_ID)),
                        Protocol.INS_RECOVER);
                break;
            case Protocol.INS_GET_STATUS:
                require(buffer, length, Protocol.QUERY_SIZE);
                authenticate(buffer, Protocol.QUERY_SIZE);
                answer(apdu, buffer, status(buffer), Protocol.INS_GET_STATUS);
                break;
            case Protocol.INS_READ_LOG:
                readLog(apdu, buffer, length);
                break;
            case Protocol.INS_UPDATE:
                require(buffer, length, Protocol.ENTITLEMENT_SIZE);
                apdu.setOutgoingAndSend((short) 0, updates.update(buffer));
                break;
            case Protocol.INS_INITIALIZE_UPDATE:
                if (buffer[ISO7816.OFFSET_P2] != 0) {
                    ISOException.throwIt(Protocol.SW_WRONG_P1P2);
                }
                if (length != 8) {
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
        apdu.setOutgoingAndSend((short) 0, channel.wrap(buffer, answer));
    }

    /** READ LOG: P1 is the age of the receipt, which the command's MAC covers with the rest of the header. */
    private void readLog(APDU apdu, byte[] buffer, short length) {
        byte age = buffer[ISO7816.OFFSET_P1];
        requireSize(buffer, length, Protocol.QUERY_SIZE);
        authenticate(buffer, Protocol.QUERY_SIZE);
        short receipt = store.ledger.receipt(age, buffer);
        if (receipt == 0) {
            ISOException.throwIt(Protocol.SW_RECORD_NOT_FOUND);
        }
        answer(apdu, buffer, receipt, Protocol.INS_READ_LOG);
    }

    /** A body of this size and an 8-byte MAC, P1 and P2 zero. */
    private static void require(byte[] buffer, short length, short body) {
        requireSize(buffer, length, body);
        if (buffer[ISO7816.OFFSET_P1] != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
    }

    private static void requireSize(byte[] buffer, short length, short body) {
        if (length != (short) (body + 8)) {
            ISOException.throwIt(Protocol.SW_WRONG_LENGTH);
        }
        if (buffer[ISO7816.OFFSET_P2] != 0) {
            ISOException.throwIt(Protocol.SW_WRONG_P1P2);
        }
    }

    /** Checks a query and keeps its MAC for the answer's. */
    private void authenticate(byte[] buffer, short body) {
        terminal.authenticate(buffer, body);
        terminal.keep(buffer, (short) (DATA + body));
    }

    private void answer(APDU apdu, byte[] buffer, short length, byte ins) {
        apdu.setOutgoingAndSend((short) 0, terminal.answer(buffer, length, ins));
    }

    /** GET STATUS: result, month and totals from RAM, then the entitlement without its reference. */
    private short status(byte[] buffer) {
        short at = Util.arrayCopyNonAtomic(ram, Ram.RESULT, buffer, (short) 0, Protocol.RESULT_SIZE);
        at = Util.arrayCopyNonAtomic(ram, Ram.MONTH, buffer, at, (short) (Ram.MOVEMENT - Ram.MONTH));
        return Util.arrayCopyNonAtomic(store.entitlements.places, Entitlements.offset(ram[Ram.ENTITLEMENT]), buffer, at,
                Protocol.ENTITLEMENT_REFERENCE);
    }
}
