"""The library of geometry-faulty through ctypes, with the mistakes that are easily made."""

import ctypes

# Rust calls it with two arguments.
POINT_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p)


class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_double), ("y", ctypes.c_double)]


lib = ctypes.CDLL("libgeometry_faulty.so")

# The result is an f64: without `restype` ctypes looks for an int.
lib.point_distance.argtypes = [ctypes.POINTER(Point), ctypes.POINTER(Point)]
print("distance =", lib.point_distance(Point(0, 0), Point(3, 4)))

# A usize has eight bytes, and a str is no C string.
lib.string_length.restype = ctypes.c_uint
print("length =", lib.string_length("four"))

# The count is a usize; without `argtypes` it is passed as an int.
points = (Point * 2)(Point(0, 0), Point(3, 4))
visit = POINT_CALLBACK(lambda point: 0)
lib.for_each_point(points, len(points), visit, None)

# Rust gives the string away: as `bytes` it can never be given back.
lib.point_name.restype = ctypes.c_char_p
lib.string_free.argtypes = [ctypes.c_char_p, ctypes.c_size_t]
