# SPDX-License-Identifier: Apache-2.0
"""The SSN Card protocol, declared once: commands, layouts, status words, MAC messages, key derivation.

Pure: no input or output. ``docs/protocol.md``, the applet's constants and the test vectors are generated from here
(``python -m ssn_card.protocol.generate``).
"""
