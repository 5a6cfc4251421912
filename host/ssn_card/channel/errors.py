# SPDX-License-Identifier: Apache-2.0
"""What can go wrong on a secure channel. None of these carries key material, plaintext or cryptograms."""

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
    default_remedy = Text(
        "Check that the keyring and the key version belong to this card. If they do, the card is not genuine: keep it.",
        "Pastikan keyring dan versi kunci memang untuk kartu ini. Bila benar, kartu ini tidak asli: tahan kartunya.",
    )


class HostRejected(ChannelError, CryptographyError):
    """The card refused our cryptogram in EXTERNAL AUTHENTICATE although its own was right."""

    code = "host-rejected"
    default_remedy = Text(
        "Something between host and card changed the command, or the card closed the channel. Try once more on a "
        "trusted reader.",
        "Ada yang mengubah perintah di antara host dan kartu, atau kartu menutup saluran. Coba sekali lagi pada "
        "pembaca tepercaya.",
    )

    def __init__(self, sw: int) -> None:
        super().__init__(
            Text(
                f"The card refused the host's authentication (status {sw:04X}).",
                f"Kartu menolak autentikasi host (status {sw:04X}).",
            )
        )
        self.sw = sw


class ChannelRefused(ChannelError):
    """A status word other than 9000 while the channel was being opened."""

    code = "channel-refused"
    default_remedy = Text(
        "Select the SSN Card applet first and use a key version that the card knows (6A88: unknown key version).",
        "Pilih applet SSN Card lebih dahulu dan pakai versi kunci yang dikenal kartu (6A88: versi kunci tak dikenal).",
    )

    def __init__(self, command: str, sw: int) -> None:
        super().__init__(
            Text(f"The card refused {command} (status {sw:04X}).", f"Kartu menolak {command} (status {sw:04X})."),
            where=command,
        )
        self.sw = sw


class MalformedOpening(ChannelError):
    """An answer to INITIALIZE UPDATE or EXTERNAL AUTHENTICATE that SCP03 does not allow."""

    code = "malformed-opening"
    default_remedy = Text(
        "This is not an SCP03 card in S8 mode, or the answer was damaged on the way. Try another reader.",
        "Ini bukan kartu SCP03 mode S8, atau jawabannya rusak di perjalanan. Coba pembaca lain.",
    )


class LevelNotSupported(ChannelError):
    """A security level that the card, the specification or the caller's minimum does not allow."""

    code = "level-not-supported"
    default_remedy = Text(
        "Use at least C_MAC | C_DECRYPTION, and R_MAC or R_ENCRYPTION only with cards that offer them.",
        "Pakai setidaknya C_MAC | C_DECRYPTION, dan R_MAC atau R_ENCRYPTION hanya pada kartu yang menyediakannya.",
    )


class ResponseMacError(ChannelError, CryptographyError):
    """An answer whose R-MAC, encryption or padding is wrong or missing. The channel is dead."""

    code = "response-mac"
    default_remedy = _NEW_SESSION


class SecureChannelDead(ChannelError):
    """The channel was used after it had ended; its keys are gone."""

    code = "channel-dead"
    default_remedy = _NEW_SESSION

    def __init__(self, cause: Text) -> None:
        super().__init__(
            Text(
                f"This secure channel has ended and cannot be used again: {cause.en}",
                f"Saluran aman ini sudah berakhir dan tidak dapat dipakai lagi: {cause.id}",
            )
        )


class BadCommand(ChannelError, InputError):
    """A command that is not a short APDU on the basic logical channel. Nothing was sent; the channel lives."""

    code = "bad-command"
    default_remedy = Text(
        "Give a short ISO 7816-4 command: header, then Lc and data, then Le, on logical channel 0.",
        "Berikan perintah pendek ISO 7816-4: kepala, lalu Lc dan data, lalu Le, pada kanal logis 0.",
    )


class CommandTooLong(BadCommand):
    """A command that would not fit the card's APDU buffer once wrapped. Nothing was sent; the channel lives."""

    code = "command-too-long"
    default_remedy = Text(
        "Split the data over several commands (STORE DATA blocks).",
        "Bagi data ke beberapa perintah (blok STORE DATA).",
    )

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            Text(
                f"{length} bytes of data do not fit one protected command; at most {limit} do.",
                f"Data {length} byte tidak muat dalam satu perintah terlindung; paling banyak {limit}.",
            )
        )
        self.length = length
        self.limit = limit
