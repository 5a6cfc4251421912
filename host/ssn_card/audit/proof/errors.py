# SPDX-License-Identifier: Apache-2.0
"""Errors of files of findings and of attestations.

The tree::

    InputError
      UnknownFindingsFormat
      FindingsUnreadable
      NotAttestable
      InputChanged
    ConfigurationError
      FindingsNotWritten
      AttestationNotWritten
    SsnCardError
      AttestedFilesDiffer
      FindingsLost
"""

from __future__ import annotations

from ssn_card.protocol.errors import ConfigurationError, InputError, SsnCardError, Text

_PATH = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")


class UnknownFindingsFormat(InputError):
    """The name of the file does not say in which format findings are to be written."""

    code = "unknown-findings-format"
    text = Text("The name ends in none of {known}.", "Nama berkas tidak berakhir dengan salah satu dari {known}.")
    remedy = Text("Give the file a name that ends so.", "Beri nama berkas dengan akhiran itu.")
    known: str
    where: str


class FindingsNotWritten(ConfigurationError):
    """The file of findings, or what they are sorted in, cannot be written; what had the name is as it was."""

    code = "findings-not-written"
    text = Text("The findings cannot be written: {why}.", "Temuan tidak dapat ditulis: {why}.")
    remedy = Text(
        "Check the path, its permissions, the room there and for temporary files (SQLITE_TMPDIR), then run it again.",
        "Periksa lokasi, izin, ruang di sana dan ruang berkas sementara (SQLITE_TMPDIR), lalu jalankan lagi.",
    )
    why: Text
    where: str | None


class FindingsUnreadable(InputError):
    """A file of findings cannot be read, or holds something else."""

    code = "findings-unreadable"
    text = Text("The findings cannot be read: {why}.", "Temuan tidak dapat dibaca: {why}.")
    remedy = _PATH
    why: Text
    where: str


class NotAttestable(InputError):
    """An input that cannot be looked at again, such as a pipe, or that cannot be read."""

    code = "not-attestable"
    text = Text("This input cannot be attested: {why}.", "Masukan ini tidak dapat disaksikan: {why}.")
    remedy = Text("Save it in a file, and give that file.", "Simpan ke berkas, lalu berikan berkas itu.")
    why: Text
    where: str


class InputChanged(InputError):
    """An input is not what it was when the audit began: what was judged is not sure."""

    code = "input-changed"
    text = Text("The input changed while it was judged.", "Masukan berubah selama diperiksa.")
    remedy = Text(
        "Let nobody write to it, and run the audit again.", "Pastikan tidak ada yang menulisnya, lalu periksa lagi."
    )
    where: str


class AttestationNotWritten(ConfigurationError):
    """The attestation cannot be written; what had the name is as it was."""

    code = "attestation-not-written"
    text = Text("The attestation cannot be written: {why}.", "Pernyataan tidak dapat ditulis: {why}.")
    remedy = Text(
        "Check the path and its permissions; none is ever replaced, so each needs a name of its own.",
        "Periksa nama berkas dan izinnya; yang sudah ada tidak pernah diganti, jadi beri nama baru.",
    )
    why: Text
    where: str


class AttestedFilesDiffer(SsnCardError):
    """Files are not those that were attested; ``differences`` says of each, by its name, what is wrong with it."""

    code = "attested-files-differ"
    text = Text("Not as attested: {names}.", "Tidak sesuai pernyataan: {names}.")
    remedy = Text(
        "Keep them as they are, and ask where they come from: the verdict does not speak of these files.",
        "Simpan apa adanya dan telusuri asalnya: hasil pemeriksaan itu bukan tentang berkas ini.",
    )
    count: int
    names: Text
    differences: dict[str, Text]
    where: str


class FindingsLost(SsnCardError):
    """Findings counted and findings set down differ: the hash would not stand for all of them."""

    code = "findings-lost"
    text = Text(
        "{counted} findings were counted, but {kept} set down.",
        "{counted} temuan dihitung, tetapi {kept} yang dicatat.",
    )
    remedy = Text("This is a bug: please report it.", "Ini kesalahan program: mohon laporkan.")
    counted: int
    kept: int
