/** What C compilers predefine for a target, as far as gcc, clang and MSVC agree; of version numbers only the bounds. */
import { words } from '../base/words.ts';
import type { CAbi, Target } from './targets.ts';

/** A macro with its text, or with the bounds of its value, or one that may or may not be defined. */
export interface PredefinedMacro {
  readonly name: string;
  readonly text: string;
  readonly bounds: { readonly low: bigint; readonly high: bigint | null } | null;
  /** Why it may not be defined; null where it is. */
  readonly doubt: string | null;
}

/** Names that some target or compiler predefines: one that is not among a target's is not defined there. */
export const KNOWN_MACROS: ReadonlySet<string> = words(`
  __cplusplus __OBJC__ __ASSEMBLER__ __STDC_NO_VLA__ __INTEL_COMPILER __SUNPRO_C __CUDACC__ __NVCC__ __TINYC__ __BORLANDC__ __WATCOMC__
  __DMC__ __IAR_SYSTEMS_ICC__ __CC_ARM __ARMCC_VERSION __xlC__ __IBMC__ __HP_cc __MWERKS__ __CYGWIN__ __MSYS__ __RUST_BINDGEN__ __CBINDGEN__
  _WIN32 _WIN64 WIN32 WIN64 __WIN32__ __WIN32 _MSC_VER _MSC_FULL_VER _M_X64 _M_AMD64 _M_IX86 _M_ARM _M_ARM64 _M_ARM64EC _M_ALPHA _M_IA64
  __MINGW32__ __MINGW64__ __GNUC__ __GNUC_MINOR__ __clang__ __APPLE__ __MACH__ __APPLE_CC__ __linux__ __linux linux __gnu_linux__ __unix__ __unix unix
  __ANDROID__ __ANDROID_API__ ANDROID __FreeBSD__ __NetBSD__ __OpenBSD__ __DragonFly__ __sun __sun__ sun __SVR4 __svr4__ __HAIKU__
  __QNX__ __QNXNTO__ __VXWORKS__ __Fuchsia__ __EMSCRIPTEN__ __wasi__ __wasm__ __wasm32__ __wasm64__ __hermit__ __redox__ _AIX __hpux __sgi
  __OS2__ __MSDOS__ MSDOS __BEOS__ __AMIGA__ __PSP__ __3DS__ __SWITCH__ __PS4__ __ORBIS__ __vita__
  __x86_64__ __x86_64 __amd64__ __amd64 __i386__ __i386 i386 __i486__ __i586__ __i686__ __aarch64__ __arm__ __arm64__ __arm64 __ARM_ARCH_ISA_A64
  __riscv __riscv_xlen __powerpc__ __powerpc64__ __ppc__ __ppc64__ __PPC__ __PPC64__ _ARCH_PPC _ARCH_PPC64 __s390__ __s390x__ __mips__ __mips
  __mips64 __mips64__ __sparc__ __sparc __sparc64__ __sparcv9 __loongarch__ __loongarch64 __loongarch_lp64 __m68k__ __hexagon__ __AVR__ __AVR
  __MSP430__ __bpf__ __BPF__ __ia64__ __alpha__ __hppa__ __sh__ __xtensa__ __csky__ __arc__ __tilegx__
  __LP64__ _LP64 __ILP32__ _ILP32 __BIG_ENDIAN__ __LITTLE_ENDIAN__ __ARMEB__ __ARMEL__ __AARCH64EB__ __AARCH64EL__ _BIG_ENDIAN _LITTLE_ENDIAN
  __MIPSEB__ __MIPSEL__ _MIPSEB _MIPSEL __CHAR_UNSIGNED__ _CHAR_UNSIGNED __ELF__ __COFF__ __DOXYGEN__ DOXYGEN SWIG __LCLINT__ lint __lint__
`);

const flag = (name: string): PredefinedMacro => is(name, '1');
const is = (name: string, text: string): PredefinedMacro => ({ name, text, bounds: null, doubt: null });
const atLeast = (name: string, low: bigint, high: bigint | null = null): PredefinedMacro => ({
  name,
  text: '',
  bounds: { low, high },
  doubt: null,
});
const maybe = (name: string): PredefinedMacro => ({ ...flag(name), doubt: `\`${name}\` depends on the compiler` });

export function predefinedMacros(target: Target): readonly PredefinedMacro[] {
  const { triple, c } = target;
  return [...language(triple), ...system(triple), ...processor(target), ...(c ? dataModel(target, c) : [])];
}

const isMsvc = (triple: string): boolean => /-windows-msvc|-uwp-windows-msvc|-win7-windows-msvc/.test(triple);

function language(triple: string): readonly PredefinedMacro[] {
  const common = [is('__STDC__', '1'), maybe('__clang__')];
  if (isMsvc(triple))
    return [
      ...common,
      atLeast('_MSC_VER', 1900n),
      atLeast('_MSC_FULL_VER', 190000000n),
      { ...atLeast('__STDC_VERSION__', 201112n), doubt: '`__STDC_VERSION__` depends on the flags' },
    ];
  const clang = /-apple-|-openbsd|-freebsd|-android|-emscripten|-wasi|^wasm|-fuchsia|gnullvm/.test(triple);
  return [
    is('__STDC__', '1'),
    clang ? flag('__clang__') : maybe('__clang__'),
    atLeast('__STDC_VERSION__', 201112n, 202400n),
    atLeast('__STDC_HOSTED__', 0n, 1n),
    // clang says 4.2.
    clang ? is('__GNUC__', '4') : atLeast('__GNUC__', 4n),
    clang ? is('__GNUC_MINOR__', '2') : atLeast('__GNUC_MINOR__', 0n, 99n),
    atLeast('__GNUC_PATCHLEVEL__', 0n, 99n),
    ...(clang ? [atLeast('__clang_major__', 10n), atLeast('__clang_minor__', 0n)] : []),
  ];
}

function system(triple: string): readonly PredefinedMacro[] {
  const unix = [flag('__unix__'), flag('__unix')];
  if (/-windows-/.test(triple)) {
    const wide = !/^(i[3-6]86|thumbv7a|armv7)/.test(triple);
    const gnu = /-windows-gnu/.test(triple)
      ? [flag('__MINGW32__'), ...(wide ? [flag('__MINGW64__')] : []), flag('WIN32'), flag('__WIN32__')]
      : [maybe('WIN32')];
    return [flag('_WIN32'), ...(wide ? [flag('_WIN64')] : []), ...gnu];
  }
  if (/-apple-/.test(triple)) return [flag('__APPLE__'), flag('__MACH__'), atLeast('__APPLE_CC__', 6000n)];
  if (/-android/.test(triple))
    return [
      flag('__ANDROID__'),
      flag('ANDROID'),
      atLeast('__ANDROID_API__', 16n),
      flag('__linux__'),
      flag('__linux'),
      ...unix,
      flag('__ELF__'),
    ];
  if (/-linux-/.test(triple))
    return [flag('__linux__'), flag('__linux'), maybe('linux'), flag('__gnu_linux__'), ...unix, maybe('unix'), flag('__ELF__')];
  const bsd = /-(freebsd|netbsd|openbsd|dragonfly)/.exec(triple)?.[1];
  const names = { freebsd: '__FreeBSD__', netbsd: '__NetBSD__', openbsd: '__OpenBSD__', dragonfly: '__DragonFly__' } as const;
  if (bsd === 'freebsd' || bsd === 'netbsd' || bsd === 'openbsd' || bsd === 'dragonfly')
    return [atLeast(names[bsd], 1n), ...unix, flag('__ELF__')];
  if (/-(illumos|solaris)/.test(triple)) return [flag('__sun'), flag('__sun__'), flag('__svr4__'), ...unix, flag('__ELF__')];
  if (/-emscripten/.test(triple)) return [flag('__EMSCRIPTEN__'), ...unix];
  if (/-wasi/.test(triple)) return [flag('__wasi__')];
  if (/-fuchsia/.test(triple)) return [flag('__Fuchsia__'), flag('__ELF__')];
  return ['__unix__', '__unix', '__linux__', '__linux', '__ELF__'].map(maybe);
}

function processor({ triple, c }: Target): readonly PredefinedMacro[] {
  const msvc = isMsvc(triple);
  const all = (...names: readonly string[]): readonly PredefinedMacro[] => names.map(flag);
  if (/^x86_64/.test(triple))
    return [
      ...(msvc ? [is('_M_X64', '100'), is('_M_AMD64', '100')] : []),
      ...(msvc ? ['__x86_64__', '__x86_64'].map(maybe) : all('__x86_64__', '__x86_64', '__amd64__', '__amd64')),
    ];
  if (/^i[3-6]86/.test(triple)) return msvc ? [is('_M_IX86', '600'), maybe('__i386__')] : [...all('__i386__', '__i386'), maybe('i386')];
  if (/^(aarch64|arm64)/.test(triple))
    return [
      ...(msvc ? [flag('_M_ARM64'), maybe('__aarch64__')] : all('__aarch64__')),
      ...(/-apple-/.test(triple) ? all('__arm64__', '__arm64') : []),
    ];
  if (/^(arm|thumb)/.test(triple)) return msvc ? [is('_M_ARM', '7'), maybe('__arm__')] : all('__arm__');
  if (/^riscv/.test(triple)) return [flag('__riscv'), is('__riscv_xlen', triple.startsWith('riscv64') ? '64' : '32')];
  if (/^powerpc64/.test(triple))
    return all('__powerpc64__', '__powerpc__', '__ppc64__', '__PPC64__', '__PPC__', '_ARCH_PPC', '_ARCH_PPC64');
  if (/^powerpc/.test(triple)) return all('__powerpc__', '__ppc__', '__PPC__', '_ARCH_PPC');
  if (/^s390x/.test(triple)) return all('__s390__', '__s390x__');
  if (/^mips/.test(triple)) return all('__mips__', '__mips', ...(triple.startsWith('mips64') ? ['__mips64', '__mips64__'] : []));
  if (/^sparc/.test(triple)) return all('__sparc__', '__sparc', ...(c?.pointer.size === 8 ? ['__sparc64__', '__sparcv9'] : []));
  if (/^loongarch/.test(triple))
    return all('__loongarch__', ...(triple.startsWith('loongarch64') ? ['__loongarch64', '__loongarch_lp64'] : []));
  if (/^wasm/.test(triple)) return all('__wasm__', triple.startsWith('wasm64') ? '__wasm64__' : '__wasm32__');
  return [];
}

const signedMax = (bytes: number): string => `${(1n << BigInt(bytes * 8 - 1)) - 1n}`;

function dataModel({ triple, bigEndian }: Target, c: CAbi): readonly PredefinedMacro[] {
  const sized = {
    INT: c.int,
    LONG: c.long,
    LONG_LONG: 8,
    SHORT: c.short,
    POINTER: c.pointer.size,
    SIZE_T: c.sizeT,
    PTRDIFF_T: c.ptrdiff,
    WCHAR_T: c.wchar,
    WINT_T: c.wint,
    FLOAT: c.float.size,
    DOUBLE: c.double.size,
    LONG_DOUBLE: c.longDouble.size,
  };
  /** The type with so many bytes, as compilers choose it for their typedefs. */
  const type = (bytes: number, signed = true): string => {
    const name =
      bytes === 1 ? 'signed char' : bytes === c.int ? 'int' : bytes === c.short ? 'short' : bytes === c.long ? 'long' : 'long long';
    return signed ? name : name === 'signed char' ? 'unsigned char' : `unsigned ${name}`;
  };
  const lp64 = c.long === 8 && c.pointer.size === 8;
  const order = bigEndian ? '4321' : '1234';
  const types = [
    is('__SIZE_TYPE__', type(c.sizeT, false)),
    is('__PTRDIFF_TYPE__', type(c.ptrdiff)),
    is('__WCHAR_TYPE__', type(c.wchar, c.wcharSigned)),
    is('__WINT_TYPE__', type(c.wint, c.wintSigned)),
    is('__INTPTR_TYPE__', type(c.pointer.size)),
    is('__UINTPTR_TYPE__', type(c.pointer.size, false)),
    ...[2, 4, 8].flatMap((bytes) => [is(`__INT${bytes * 8}_TYPE__`, type(bytes)), is(`__UINT${bytes * 8}_TYPE__`, type(bytes, false))]),
  ];
  const limits = [
    is('__INT_MAX__', signedMax(c.int)),
    is('__LONG_MAX__', `${signedMax(c.long)}L`),
    is('__SIZE_MAX__', `${(1n << BigInt(c.sizeT * 8)) - 1n}ULL`),
    is('__INTPTR_MAX__', `${signedMax(c.pointer.size)}LL`),
  ];
  const model = lp64
    ? [flag('__LP64__'), flag('_LP64')]
    : c.pointer.size === 4 && c.long === 4 && !isMsvc(triple)
      ? [maybe('__ILP32__'), maybe('_ILP32')]
      : [];
  // The types are what the built-in headers are written in; the other names are not MSVC's.
  if (isMsvc(triple)) return [...types, ...limits];
  return [
    ...types,
    ...limits,
    ...model,
    is('__CHAR_BIT__', '8'),
    is('__ORDER_LITTLE_ENDIAN__', '1234'),
    is('__ORDER_BIG_ENDIAN__', '4321'),
    is('__BYTE_ORDER__', order),
    ...(c.charSigned ? [] : [flag('__CHAR_UNSIGNED__')]),
    ...(c.ints[16] > 0 ? [is('__SIZEOF_INT128__', '16')] : []),
    ...Object.entries(sized).map(([name, size]) => is(`__SIZEOF_${name}__`, String(size))),
    ...['__BIG_ENDIAN__', '__LITTLE_ENDIAN__'].filter((name) => name.includes(bigEndian ? 'BIG' : 'LITTLE')).map(maybe),
  ];
}
