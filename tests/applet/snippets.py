# SPDX-License-Identifier: Apache-2.0
"""Small applets, each of which breaks one rule of ``ssn applet check``, and some that look as if they did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Snippet:
    """Members of an applet class; ``rule`` is what they break, ``says`` a part of the finding's text."""

    name: str
    members: str
    rule: str = ""
    says: str = ""
    #: Whether Oracle's converter refuses it too, for 3.0.4. Some rules are about cards, some about 2.2.2, and the class
    #: literal is left to the verifier.
    refused: bool = True

    @property
    def declaration(self) -> bool:
        """Whether it breaks the rule by a declaration without code."""
        is_type = self.members.startswith(("class ", "enum "))
        return is_type or self.rule == "field" or (self.members.endswith(";") and "{" not in self.members)

    @property
    def source(self) -> str:
        """The compilation unit; the members stand on line 11."""
        return f"""package {self.name};

import javacard.framework.*;
import javacard.security.*;
import javacardx.crypto.Cipher;

public class A extends Applet {{
    public static void install(byte[] array, short offset, byte length) {{ new A().register(); }}
    public void process(APDU apdu) {{ }}

    {self.members}
}}
"""


LINE = 11  #: of the members

API = [
    Snippet("later_method", "short f(byte[] a) { return Util.arrayFill(a, (short) 0, (short) 1, (byte) 0); }", "api",
            "javacard.framework.Util.arrayFill([BSSB)S"),
    Snippet("later_inherited", "boolean f() { return reSelectingApplet(); }", "api", "reSelectingApplet",
            refused=False),
    Snippet("later_class", "Object f(Object o) { return (OwnerPINBuilder) o; }", "api", "OwnerPINBuilder"),
    Snippet("later_descriptor", "Cipher f() { return null; } Cipher c = Cipher.getInstance((byte) 1, (byte) 1, false);",
            "api", "getInstance(BBZ)", refused=False),
    Snippet("field_class", "java.util.List f;", "api", "java.util.List"),
    Snippet("parameter_class", "void f(Integer a) { }", "api", "java.lang.Integer"),
    Snippet("object_method", "short f(Object o) { return (short) o.hashCode(); }", "api", "java.lang.Object.hashCode"),
    Snippet("array_clone", "Object f(byte[] a) { return a.clone(); }", "api", "clone"),
    Snippet("caught", "void f() { try { g(); } catch (IllegalStateException e) { } } void g() { }", "api",
            "IllegalStateException"),
    Snippet("superclass", "class B implements Comparable { public int compareTo(Object o) { return 0; } }", "api",
            "java.lang.Comparable"),
    Snippet("assertion", "void f(short a) { assert a > 0; }", "api", "java.lang.AssertionError"),
]  # fmt: skip

LANGUAGE = [
    Snippet("int_field", "int f;", "field", ": int."),
    Snippet("char_field", "char f;", "field", ": char."),
    Snippet("nested_array", "byte[][] f;", "field", "multidimensional"),
    Snippet("int_constant", "static final int F = 3;", "field", ": int."),
    Snippet("int_parameter", "void f(int a) { }", "signature", ": int."),
    Snippet("int_result", "int f() { return 3; }", "signature", ": int."),
    Snippet("long_array", "void f(long[] a) { }", "signature", "long[]"),
    Snippet("int_local", "short f(short a) { int x = a; return (short) x; }", "local", "local variable x of type int"),
    Snippet("char_local", "short f(short a) { char x = (char) a; return (short) x; }", "local", "of type char"),
    Snippet("for_each", "short f(byte[] a) { short s = 0; for (byte b : a) s += b; return s; }", "local", "for-each"),
    Snippet("many_locals", "short f() { " + "".join(f"short v{i} = {i % 7}; " for i in range(260))
            + "return (short) (v259 + v3); }", "local", "261 local variables"),
    Snippet("to_char", "short f(short a) { return (short) (char) a; }", "instruction", ": char."),
    Snippet("long_sum", "short f(short a) { return (short) (a + 1L); }", "instruction", ": long."),
    Snippet("doubles", "short f(short a) { return (short) (a * 1.5); }", "instruction", ": double."),
    Snippet("floats", "short f(short a) { return (short) (a * 1.5f); }", "instruction", ": float."),
    Snippet("int_array", "Object f = new int[3];", "instruction", "int[]"),
    Snippet("char_array", "Object f = new char[3];", "instruction", "char[]"),
    Snippet("arrays_of_arrays", "Object f = new byte[2][3];", "instruction", "multidimensional array"),
    Snippet("lambda", "interface I { void g(); } I f() { return () -> { }; }", "instruction", "lambda"),
    Snippet("synchronized_block", "void f() { synchronized (this) { } }", "instruction", "synchronized block"),
    Snippet("synchronized_method", "synchronized void f() { }", "modifier", "synchronized"),
    Snippet("native_method", "native void f();", "modifier", "native"),
    Snippet("varargs", "void f(byte... a) { }", "modifier", "varargs"),
    Snippet("default_method", "interface I { default void f() { } }", "modifier", "interface method"),
    Snippet("finalizer", "protected void finalize() { }", "finalize", "finalize", refused=False),
    Snippet("bare_hex", "boolean f(short a) { return a == 0x8000; }", "constant", "constant 32768 beyond short"),
    Snippet("bare_mask", "short f(short a) { return (short) (a & 0xFF00); }", "constant", "constant 65280"),
    Snippet("class_literal", "Object f() { return byte[].class; }", "constant", "class constant", refused=False),
    Snippet("string_literal", 'Object f() { return "x"; }', "string", "String"),
    Snippet("string_constant", 'static final String F = "x";', "string", "String"),
    Snippet("string_switch", 'void f(Object o) { switch ((String) o) { case "a": g(); } } void g() { }', "string",
            "String"),
    Snippet("enumeration", "enum E { A, B }", "enum", "enum"),
]  # fmt: skip

INTERMEDIATE = [
    Snippet("halved_sum", "short f(short a, short b) { return (short) ((a + b) >> 1); }", "intermediate", "shifted"),
    Snippet("high_byte", "byte f(short a, short b) { return (byte) ((a - b) >> 8); }", "intermediate", "shifted"),
    Snippet("divided_sum", "short f(short a, short b) { return (short) ((a + b) / 2); }", "intermediate", "divided"),
    Snippet("quotient", "short f(short a, short b) { return (short) ((a / b) % 3); }", "intermediate", "divided"),
    Snippet("compared_sum", "boolean f(short a, short b) { return a + b > 5; }", "intermediate", "compared"),
    Snippet("compared_to_zero", "boolean f(short a, short b) { return a - b == 0; }", "intermediate", "compared"),
    Snippet("masked_bytes", "boolean f(byte[] a) { return (a[0] & 0xFF) + (a[1] & 0xFF) > 5; }", "intermediate",
            "compared"),
    Snippet("negated", "boolean f(short a) { return -a > 3; }", "intermediate", "compared"),
    Snippet("shifted_left", "boolean f(short a) { return a << 1 > 3; }", "intermediate", "compared"),
    Snippet("unsigned_shift", "boolean f(short a) { return a >>> 4 > 3; }", "intermediate", "compared"),
    Snippet("chosen", "boolean f(short a, short b, boolean c) { return (c ? a + b : a) > 4; }", "intermediate",
            "compared"),
    Snippet("index", "byte f(byte[] a, short b) { return a[b + 1]; }", "intermediate", "index"),
    Snippet("stored_at", "void f(byte[] a, short b) { a[b + 1] = 0; }", "intermediate", "index"),
    Snippet("length", "byte[] f = new byte[g() * 2]; static short g() { return 3; }", "intermediate", "length"),
    Snippet("switched", "void f(short a) { switch (a + 1) { case 1: g(); } } void g() { }", "intermediate", "switched"),
    Snippet("kept", "short f(short a, short b) { int c = a * b; return (short) c; }", "intermediate",
            "kept in a variable"),
    Snippet("masked_sum", "boolean f(short a, short b) { return ((a + b) & b) < 0; }", "intermediate", "compared",
            refused=False),
]  # fmt: skip

ALLOCATION = [
    Snippet("late_array", "Object f() { return new byte[3]; }", "allocation", "new makes", refused=False),
    Snippet("late_object", "Object f() { return new Object(); }", "allocation", "new java.lang.Object", refused=False),
    Snippet("late_objects", "Object f() { return new Object[3]; }", "allocation",
            "new java.lang.Object", refused=False),
    Snippet("late_throw", "void f() { throw new RuntimeException(); }", "allocation",
            "RuntimeException", refused=False),
    Snippet("late_transient", "Object f() { return JCSystem.makeTransientByteArray((short) 1, (byte) 1); }",
            "allocation",
            "JCSystem.makeTransientByteArray", refused=False),
    Snippet("late_key", "Object f() { return KeyBuilder.buildKey((byte) 15, (short) 128, false); }", "allocation",
            "KeyBuilder.buildKey", refused=False),
    Snippet("late_cipher", "Object f() { return Cipher.getInstance((byte) 13, false); }", "allocation",
            "Cipher.getInstance", refused=False),
    Snippet("in_select", "Object o; public boolean select() { o = make(); return true; } "
            "Object make() { return new byte[3]; } { make(); }", "allocation", "new makes", refused=False),
    Snippet("through_override", "class B { void g() { } } class C extends B { Object o; "
            "void g() { o = new byte[3]; } } "
            "B b = new C(); void f() { b.g(); } { b.g(); }", "allocation", "new makes", refused=False),
    Snippet("nobody_calls", "byte[] f() { return g(); } byte[] g() { return new byte[3]; }", "allocation", "new makes",
            refused=False),
    Snippet("only_itself_calls", "Object f() { f(); return new byte[3]; }", "allocation", "new makes", refused=False),
    Snippet("static_call", "static short f = g(); static short g() { return 1; }", "static-initialiser",
            "invokestatic"),
    Snippet("static_object", "static Object f = new Object();", "static-initialiser", "(new)"),
    Snippet("static_references", "static Object[] f = {null};", "static-initialiser", "(anewarray)"),
]  # fmt: skip

_COMPARE = "Util.arrayCompare(a, (short) 0, a, (short) 1, (short) 1)"

PROMISE = [
    Snippet("ordered", f"boolean f(byte[] a) {{ return {_COMPARE} < 0; }}", "promise", "signed", refused=False),
    Snippet("above", f"boolean f(byte[] a) {{ return {_COMPARE} == 1; }}", "promise", "signed", refused=False),
    Snippet("order_kept", f"byte f(byte[] a) {{ return {_COMPARE}; }}", "promise", "signed", refused=False),
    Snippet("update_of_a_cipher", "short f(Cipher c, byte[] a) { "
            "return c.update(a, (short) 0, (short) 16, a, (short) 0); }", "promise", "hold", refused=False),
]  # fmt: skip

BROKEN = [*API, *LANGUAGE, *INTERMEDIATE, *ALLOCATION, *PROMISE]

ACCEPTED = [
    Snippet("cast_sum", "boolean f(short a, short b) { return (short) (a + b) > 5; }"),
    Snippet("plain_sum", "short f(short a, short b) { return (short) (a + b); }"),
    Snippet("plain_product", "short f(short a, short b) { return (short) (a * b << 2); }"),
    Snippet("unsigned_cast", "short f(short a) { return (short) (a >>> 4); }"),
    Snippet("bytes_sum", "boolean f(byte a, byte b) { return a + b > 5; }"),
    Snippet("masked_index", "byte f(byte[] a, byte b) { return a[b & 0x0F]; }"),
    Snippet("shifted_index", "byte f(byte[] a, short b) { return a[b >> 1]; }"),
    Snippet("remainder", "boolean f(short a) { return a % 4 > 3; }"),
    Snippet("counted", "short f(byte[] a) { short s = 0; for (short i = 0; i < a.length; i++) s += a[i]; return s; }"),
    Snippet("cast_hex", "boolean f(short a) { return a == (short) 0x8000; }"),
    Snippet("table", "static final byte[] F = {1, 2, (byte) 0x83}; static final short[] G = {(short) 0x9000};"),
    Snippet("flags", "static final boolean[] F = {true, false}; static byte b = 3; static Object o = null;"),
    Snippet("made_by_constructor", "final byte[] f = make(); static byte[] make() { return deeper(); } "
            "static byte[] deeper() { return new byte[3]; }"),
    Snippet("made_recursively", "final Object f = make((short) 3); "
            "static Object make(short n) { return n == 0 ? new byte[3] : make((short) (n - 1)); }"),
    Snippet("finally_result", "short f(short a) { try { return a; } finally { g(); } } void g() { }"),
    Snippet("caught_here", "void f() { try { g(); } catch (ISOException e) { g(); } } void g() { }"),
    Snippet("inner_access", "private byte z; class I { byte f() { return z; } }"),
    Snippet("constants", "interface I { byte K = 3; void f(); }"),
    Snippet("in_switch", "short f(byte a) { switch (a) { case 1: return 2; case 100: return 3; default: return 4; } }"),
    Snippet("equal", f"boolean f(byte[] a) {{ return {_COMPARE} == 0; }} "
            f"boolean g(byte[] a) {{ return {_COMPARE} != 0; }}"),
    Snippet("inherited", "class P extends OwnerPIN { P() { super((byte) 3, (byte) 4); } "
            "void f() { setValidatedFlag(true); } }"),
]  # fmt: skip
