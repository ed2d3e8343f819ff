"""The same library through ctypes."""

import ctypes
import sys
from pathlib import Path

POINT_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p)


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double)]


def load(path):
    lib = ctypes.CDLL(str(path))
    lib.add.argtypes = [ctypes.c_int32, ctypes.c_int32]
    lib.add.restype = ctypes.c_int32
    lib.point_distance.argtypes = [ctypes.POINTER(Point), ctypes.POINTER(Point)]
    lib.point_distance.restype = ctypes.c_double
    lib.string_length.argtypes = [ctypes.c_char_p]
    lib.string_length.restype = ctypes.c_size_t
    lib.point_format.argtypes = [ctypes.POINTER(Point)]
    lib.point_format.restype = ctypes.c_void_p
    lib.string_free.argtypes = [ctypes.c_void_p]
    lib.string_free.restype = None
    return lib


def main():
    default = Path(__file__).resolve().parents[2] / "target" / "debug" / "libgeometry.so"
    lib = load(sys.argv[1] if len(sys.argv) > 1 else default)
    print("2 + 3 =", lib.add(2, 3))
    print("distance =", lib.point_distance(Point(0, 0), Point(3, 4)))
    text = lib.point_format(Point(3, 4))
    print(ctypes.string_at(text).decode(), "has", lib.string_length(ctypes.string_at(text)), "characters")
    lib.string_free(text)


if __name__ == "__main__":
    main()
