/** The usual system headers as far as their types are the same everywhere, in the words of gcc's predefined macros. */
import { words } from '../../base/words.ts';
import { POSIX_HEADERS } from './system-headers-posix.ts';
import { WINDOWS_HEADERS } from './system-headers-windows.ts';

const STDDEF = `
typedef __SIZE_TYPE__ size_t;
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#ifndef __cplusplus
typedef __WCHAR_TYPE__ wchar_t;
#endif
#define NULL ((void*)0)
#define offsetof(type, member) __builtin_offsetof(type, member)
`;

// C17 7.20; the types of the fast ones differ between C libraries and are left out.
const STDINT = `
typedef signed char int8_t;
typedef __INT16_TYPE__ int16_t;
typedef __INT32_TYPE__ int32_t;
typedef __INT64_TYPE__ int64_t;
typedef unsigned char uint8_t;
typedef __UINT16_TYPE__ uint16_t;
typedef __UINT32_TYPE__ uint32_t;
typedef __UINT64_TYPE__ uint64_t;
typedef signed char int_least8_t;
typedef __INT16_TYPE__ int_least16_t;
typedef __INT32_TYPE__ int_least32_t;
typedef __INT64_TYPE__ int_least64_t;
typedef unsigned char uint_least8_t;
typedef __UINT16_TYPE__ uint_least16_t;
typedef __UINT32_TYPE__ uint_least32_t;
typedef __UINT64_TYPE__ uint_least64_t;
typedef __INTPTR_TYPE__ intptr_t;
typedef __UINTPTR_TYPE__ uintptr_t;
typedef __INT64_TYPE__ intmax_t;
typedef __UINT64_TYPE__ uintmax_t;
#define INT8_MIN (-128)
#define INT16_MIN (-32767-1)
#define INT32_MIN (-2147483647-1)
#define INT64_MIN (-9223372036854775807LL-1)
#define INT8_MAX 127
#define INT16_MAX 32767
#define INT32_MAX 2147483647
#define INT64_MAX 9223372036854775807LL
#define UINT8_MAX 255
#define UINT16_MAX 65535
#define UINT32_MAX 4294967295U
#define UINT64_MAX 18446744073709551615ULL
#define SIZE_MAX __SIZE_MAX__
#define INTPTR_MAX __INTPTR_MAX__
#define UINTPTR_MAX __SIZE_MAX__
#define INT8_C(c) c
#define INT16_C(c) c
#define INT32_C(c) c
#define INT64_C(c) c ## LL
#define UINT8_C(c) c
#define UINT16_C(c) c
#define UINT32_C(c) c ## U
#define UINT64_C(c) c ## ULL
`;

const STDBOOL = `
#define bool _Bool
#define true 1
#define false 0
#define __bool_true_false_are_defined 1
`;

const STDARG = `
typedef __builtin_va_list va_list;
`;

const LIMITS = `
#define CHAR_BIT 8
#define SCHAR_MIN (-128)
#define SCHAR_MAX 127
#define UCHAR_MAX 255
#define SHRT_MIN (-32767-1)
#define SHRT_MAX 32767
#define USHRT_MAX 65535
#define INT_MIN (-__INT_MAX__-1)
#define INT_MAX __INT_MAX__
#define UINT_MAX (__INT_MAX__*2U+1U)
#define LONG_MAX __LONG_MAX__
#define LONG_MIN (-__LONG_MAX__-1L)
#define ULONG_MAX (__LONG_MAX__*2UL+1UL)
#define LLONG_MAX 9223372036854775807LL
#define LLONG_MIN (-9223372036854775807LL-1)
#define ULLONG_MAX 18446744073709551615ULL
#if defined(__linux__)
#define PATH_MAX 4096
#define NAME_MAX 255
#elif defined(__APPLE__)
#define PATH_MAX 1024
#define NAME_MAX 255
#endif
`;

// Of these only pointers are handed around.
const OPAQUE_FILE = `
typedef struct __ffi_lint_file FILE;
`;

const ONCE = '#pragma once\n';
const both = (...names: readonly string[]): string => names.map((name) => `#include <${name}>\n`).join('');

/** Headers that every C compiler brings or every hosted C library has (C17 7.1.2). */
export const STANDARD_HEADERS: ReadonlySet<string> = words(`
  assert.h ctype.h errno.h float.h inttypes.h limits.h locale.h math.h signal.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
  string.h time.h wchar.h
`);

/** C++'s names of C's headers; they leave C's names outside of `std` as well, in every library there is. */
const CXX_NAMES = 'ctype errno float inttypes limits locale math signal stdarg stddef stdint stdio stdlib string time wchar';

/** By the name between angle brackets. */
export const SYSTEM_HEADERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'stddef.h': STDDEF,
    'stdint.h': STDINT,
    'inttypes.h': both('stdint.h'),
    'stdbool.h': STDBOOL,
    'stdarg.h': STDARG,
    'limits.h': LIMITS,
    'stdio.h': both('stddef.h', 'stdarg.h') + OPAQUE_FILE,
    'stdlib.h': both('stddef.h'),
    'string.h': both('stddef.h'),
    'strings.h': both('stddef.h'),
    'wchar.h': `${both('stddef.h')}typedef __WINT_TYPE__ wint_t;\n`,
    'uchar.h': 'typedef __UINT16_TYPE__ char16_t;\ntypedef __UINT32_TYPE__ char32_t;\n',
    'stdalign.h': '#define alignas _Alignas\n#define alignof _Alignof\n',
    'stdnoreturn.h': '#define noreturn _Noreturn\n',
    'assert.h': '#define assert(x) ((void)0)\n#define static_assert _Static_assert\n',
    'complex.h': '#define complex _Complex\n',
    'ctype.h': '',
    'fenv.h': '',
    'setjmp.h': '',
    'signal.h': '',
    'stdatomic.h': '',
    'threads.h': '',
    'wctype.h': '',
    'errno.h': '',
    'float.h': '',
    'locale.h': both('stddef.h'),
    'malloc.h': both('stddef.h'),
    'math.h': '',
    'memory.h': both('stddef.h'),
    'alloca.h': both('stddef.h'),
    'pshpack1.h': '#pragma pack(push, 1)\n',
    'pshpack2.h': '#pragma pack(push, 2)\n',
    'pshpack4.h': '#pragma pack(push, 4)\n',
    'pshpack8.h': '#pragma pack(push, 8)\n',
    'poppack.h': '#pragma pack(pop)\n',
    ...Object.fromEntries(CXX_NAMES.split(' ').map((name) => [`c${name}`, both(`${name}.h`)])),
    ...POSIX_HEADERS,
    ...WINDOWS_HEADERS,
  }).map(([name, text]) => [name, /^#pragma pack/.test(text) ? text : ONCE + text]),
);
