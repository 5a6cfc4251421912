# SPDX-License-Identifier: Apache-2.0
"""C_Initialize and C_Finalize of a module, called as PKCS#11 wants it of a program with threads.

python-pkcs11 initializes a module with NULL, which promises that one thread alone will ever call it; SoftHSM then uses
no locks and dies of two. So the module is initialized once more, with CKF_OS_LOCKING_OK (PKCS#11 2.40, section 5.4).
"""

from __future__ import annotations

import ctypes

OS_LOCKING_OK = 2
_ALREADY = 0x191  #: CKR_CRYPTOKI_ALREADY_INITIALIZED


class _Arguments(ctypes.Structure):
    """CK_C_INITIALIZE_ARGS without functions of our own: the operating system's locks."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("create", "destroy", "lock", "unlock")),
        ("flags", ctypes.c_ulong),
        ("reserved", ctypes.c_void_p),
    )


class _Functions(ctypes.Structure):
    """The beginning of CK_FUNCTION_LIST."""

    _fields_ = (
        ("version", ctypes.c_ubyte * 2),
        ("initialize", ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p)),
        ("finalize", ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_void_p)),
    )


def initialize_for_threads(path: str) -> int:
    """Finalize the module, which python-pkcs11 has loaded, and initialize it for threads; 0, or the error (CK_RV)."""
    library = ctypes.CDLL(path)
    functions = ctypes.POINTER(_Functions)()
    library.C_GetFunctionList.restype = ctypes.c_ulong
    answer: int = library.C_GetFunctionList(ctypes.byref(functions))
    if answer:
        return answer
    functions.contents.finalize(None)  # not initialized is as good
    arguments = _Arguments(flags=OS_LOCKING_OK)
    answer = functions.contents.initialize(ctypes.byref(arguments))
    return 0 if answer == _ALREADY else answer
