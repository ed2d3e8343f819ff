"""ctypes classes of all kinds, for the comparison with what Python itself says."""

import ctypes
import ctypes as ct
from ctypes import *
from ctypes import POINTER, Structure, c_int as Int
from ctypes import wintypes

LENGTH = 4
SIZE = LENGTH * 2 + 1
Name = c_char * LENGTH
Handle = c_void_p
Callback = CFUNCTYPE(c_int, c_void_p)


class Plain(ctypes.Structure):
    """Fields in a row."""

    _fields_ = [
        ("a", ctypes.c_uint8),
        ("b", ct.c_double),
        ("c", Int),  # by another name
        ("d", c_longlong),
        ("e", c_bool),
        ("f", c_wchar),
    ]


class Packed(Structure):
    _pack_ = 1
    _fields_ = [("a", c_char), ("b", c_int), ("c", c_double)]


class Packed2(Structure):
    _pack_ = 2
    _fields_ = (("a", c_char), ("b", c_int), ("c", Packed))


class Arrays(Structure):
    _fields_ = [("name", Name), ("size", c_short * SIZE), ("grid", c_float * 3 * 2), ("first", 5 * c_byte), ("zero", c_int * 0)]


class Pointers(Structure):
    _fields_ = [
        ("p", POINTER(Plain)),
        ("pp", POINTER(POINTER(c_int))),
        ("text", c_char_p),
        ("callback", Callback),
        ("other", CFUNCTYPE(None)),
        ("handle", Handle),
        ("object", py_object),
    ]


class Both(Union):
    _fields_ = [("whole", c_uint32), ("parts", c_uint16 * 2), ("bytes", c_uint8 * 7)]


class Nested(Structure):
    class Inner(Structure):
        _fields_ = [("x", c_short), ("y", c_int)]

    class Kind(Union):
        _fields_ = [("i", c_int), ("d", c_double)]

    _anonymous_ = ("kind",)
    _fields_ = [("tag", c_char), ("inner", Inner), ("kind", Kind), ("many", Inner * 2), ("both", Both)]


class Node(Structure):
    pass


Node._fields_ = [("value", c_int), ("next", POINTER(Node))]


class Derived(Plain):
    _fields_ = [("more", c_char)]


class Same(Plain):
    pass


class Empty(Structure):
    _fields_ = []


class Big(BigEndianStructure):
    _fields_ = [("a", c_uint8), ("b", c_uint32), ("c", c_uint16)]


class Bits(Structure):
    _fields_ = [("a", c_uint, 3), ("b", c_uint, 5), ("c", c_uint, 24), ("d", c_ubyte, 1), ("e", c_ubyte, 7)]


class Summed(Structure):
    _fields_ = [("a", c_int)] + [("b", c_char)] + [("c", c_int16)]


class Windows(Structure):
    _fields_ = [("a", wintypes.DWORD), ("b", ctypes.wintypes.BYTE), ("c", wintypes.HANDLE), ("d", wintypes.BOOL)]


if __name__ == "__main__":
    import sys

    def walk(prefix, cls):
        for name, value in vars(cls).items():
            if isinstance(value, type) and issubclass(value, (Structure, Union)) and value.__name__ == name:
                yield prefix + name, value
                yield from walk(prefix + name + ".", value)

    def fields(cls):
        out = []
        for base in reversed(cls.__mro__):
            for field in base.__dict__.get("_fields_", ()):
                if field[0] in getattr(cls, "_anonymous_", ()):
                    out += [(name, getattr(cls, name), bits) for name, _, bits in fields(field[1])]
                else:
                    out.append((field[0], getattr(cls, field[0]), field[2] if len(field) > 2 else None))
        return out

    class Module:
        pass

    for key, item in list(globals().items()):
        setattr(Module, key, item)
    for path, cls in walk("", Module):
        if cls.__module__ != "__main__":
            continue
        parts = []
        for name, field, bits in fields(cls):
            if bits is None:
                parts.append("%s@%d" % (name, field.offset))
            else:
                parts.append("%s@%d:%d" % (name, field.offset * 8 + (field.size & 0xFFFF), bits))
        line = "%s %d/%d" % (path, sizeof(cls), alignment(cls))
        sys.stdout.write(line + (": " + " ".join(parts) if parts else "") + "\n")
