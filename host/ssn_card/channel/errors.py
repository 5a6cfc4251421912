# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on a secure channel. None of these carries key material, plaintext or cryptograms.

The tree::

    SsnCardError
      ChannelError
        CardNotOurs (CryptographyError)
        HostRejected (CryptographyError)
        ChannelRefused
        MalformedOpening
        LevelNotSupported
        ResponseMacError (CryptographyError)
        SecureChannelDead
        BadCommand (InputError)
          CommandTooLong
"""

from __future__ import annotations

from ssn_card.protocol.errors import CryptographyError, InputError, SsnCardError, Text

_NEW_SESSION = Text(
    "Select the applet again and open a new channel; if it happens again, stop and keep the card and the reader.",
    "Pilih ulang applet dan buka saluran baru; bila terulang, berhenti dan simpan kartu beserta pembacanya.",
)


class ChannelError(SsnCardError):
    """Root of the errors of a secure channel."""

    code = "channel"


class CardNotOurs(ChannelError, CryptographyError):
    """The card did not prove that it holds the keys we expect: another issuer's card, or the wrong key set."""

    code = "card-not-ours"
    remedy = Text(
        "Check that the keyring and the key version belong to this card. If they do, the card is not genuine: keep it.",
        "Pastikan keyring dan versi kunci memang untuk kartu ini. Bila benar, kartu ini tidak asli: tahan kartunya.",
    )


class HostRejected(ChannelError, CryptographyError):
    """The card refused our cryptogram in EXTERNAL AUTHENTICATE although its own was right."""

    code = "host-rejected"
    text = Text(
        "The card refused the host's authentication (status {sw:04X}).",
        "Kartu menolak autentikasi host (status {sw:04X}).",
    )
    remedy = Text(
        "Something between host and card changed the command, or the card closed the channel. Try once more on a "
        "trusted reader.",
        "Ada yang mengubah perintah di antara host dan kartu, atau kartu menutup saluran. Coba sekali lagi pada "
        "pembaca tepercaya.",
    )
    sw: int


class ChannelRefused(ChannelError):
    """A status word other than 9000 while the channel was being opened."""

    code = "channel-refused"
    text = Text("The card refused {command} (status {sw:04X}).", "Kartu menolak {command} (status {sw:04X}).")
    remedy = Text(
        "Select the SSN Card applet first and use a key version that the card knows (6A88: unknown key version).",
        "Pilih applet SSN Card lebih dahulu dan pakai versi kunci yang dikenal kartu (6A88: versi kunci tak dikenal).",
    )
    where = "{command}"
    command: str
    sw: int


class MalformedOpening(ChannelError):
    """An answer to INITIALIZE UPDATE or EXTERNAL AUTHENTICATE that SCP03 does not allow."""

    code = "malformed-opening"
    remedy = Text(
        "This is not an SCP03 card in S8 mode, or the answer was damaged on the way. Try another reader.",
        "Ini bukan kartu SCP03 mode S8, atau jawabannya rusak di perjalanan. Coba pembaca lain.",
    )


class LevelNotSupported(ChannelError):
    """A security level that the card, the specification or the caller's minimum does not allow."""

    code = "level-not-supported"
    remedy = Text(
        "Use at least C_MAC | C_DECRYPTION, and R_MAC or R_ENCRYPTION only with cards that offer them.",
        "Pakai setidaknya C_MAC | C_DECRYPTION, dan R_MAC atau R_ENCRYPTION hanya pada kartu yang menyediakannya.",
    )


class ResponseMacError(ChannelError, CryptographyError):
    """An answer whose R-MAC, encryption or padding is wrong or missing. The channel is dead."""

    code = "response-mac"
    remedy = _NEW_SESSION


class SecureChannelDead(ChannelError):
    """The channel was used after it had ended; its keys are gone."""

    code = "channel-dead"
    text = Text(
        "This secure channel has ended and cannot be used again: {cause}",
        "Saluran aman ini sudah berakhir dan tidak dapat dipakai lagi: {cause}",
    )
    remedy = _NEW_SESSION
    cause: Text


class BadCommand(ChannelError, InputError):
    """A command that is not a short APDU on the basic logical channel. Nothing was sent; the channel lives."""

    code = "bad-command"
    remedy = Text(
        "Give a short ISO 7816-4 command: header, then Lc and data, then Le, on logical channel 0.",
        "Berikan perintah pendek ISO 7816-4: kepala, lalu Lc dan data, lalu Le, pada kanal logis 0.",
    )


class CommandTooLong(BadCommand):
    """A command that would not fit the card's APDU buffer once wrapped. Nothing was sent; the channel lives."""

    code = "command-too-long"
    text = Text(
        "{length} bytes of data do not fit one protected command; at most {limit} do.",
        "Data {length} byte tidak muat dalam satu perintah terlindung; paling banyak {limit}.",
    )
    remedy = Text(
        "Split the data over several commands (STORE DATA blocks).",
        "Bagi data ke beberapa perintah (blok STORE DATA).",
    )
    length: int
    limit: int
