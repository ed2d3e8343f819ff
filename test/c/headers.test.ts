/** Headers as they are found in projects: what is read out of them, and what is left unknown with the reason. */
import { describe, expect, it } from 'vitest';
import { cTypeText } from '../../server/src/model/c/type-text.ts';
import { brief, layouts, unit } from './support.ts';

describe('names', () => {
  it.each([
    ['a tag', 'struct point { int x; };', ['struct point 4/4: x@0']],
    ['an unnamed record behind a typedef', 'typedef struct { int x; } point_t;', ['struct point_t 4/4: x@0']],
    ['tag and typedef of one name', 'typedef struct point { int x; } point;', ['struct point 4/4: x@0']],
    ['a typedef of a tag', 'struct p { int x; }; typedef struct p p_t;', ['struct p 4/4: x@0', 'alias p_t 4/4: x@0']],
    ['two typedefs of an unnamed record', 'typedef struct { int x; } a, b, *c;', ['struct a 4/4: x@0', 'alias b 4/4: x@0']],
    ['a typedef in front of the tag', 'typedef struct p p_t; struct p { p_t *next; };', ['alias p_t 8/8: next@0', 'struct p 8/8: next@0']],
    ['an incomplete type', 'struct handle; typedef struct handle handle_t;', ['handle_t? opaque', 'handle? opaque']],
    ['an incomplete type that is only mentioned', 'void f(struct nowhere *p);', ['nowhere? opaque']],
    ['no pointers, no functions, no plain types', 'typedef int number; typedef void (*f)(int); typedef int list[4]; int x;', []],
    ['unnamed enums', 'enum { A, B }; typedef enum { C } e;', ['enum e 4/4']],
  ])('%s', async (_, header, expected) => expect([...(await brief(header))].sort()).toEqual([...expected].sort()));

  it('lists the types of the header itself, not those that it includes', async () => {
    const files = { '/w/a.h': '#include "b.h"\nstruct a { struct b b; };', '/w/b.h': '#pragma once\nstruct b { long l; };' };
    expect(await brief(files)).toEqual(['struct a 8/8: b@0']);
  });

  it('finds included headers beside the file, then by the end of their path, then nearest', async () => {
    const b = (type: string): string => `struct b { ${type} x; };`;
    const found = (files: Readonly<Record<string, string>>) =>
      brief({ '/w/p/src/a.h': '#include <lib/b.h>\nstruct a { struct b b; };', ...files });
    expect(await found({ '/w/q/include/lib/b.h': b('int') })).toEqual(['struct a 4/4: b@0']);
    expect(await found({ '/w/q/include/lib/b.h': b('int'), '/w/p/include/lib/b.h': b('char') })).toEqual(['struct a 1/1: b@0']);
    const doubt = await found({ '/w/p/one/lib/b.h': b('int'), '/w/p/two/lib/b.h': b('char') });
    expect(doubt).toEqual(['a? its member `b` has the incomplete type `struct b`: `lib/b.h` not found', 'b? opaque']);
  });

  it('points at the name', async () => {
    const header = '/* 😀 */ struct\n  point { int x; };';
    const [point] = (await layouts(header)).types;
    expect(header.slice(point?.at.span.start, point?.at.span.end)).toBe('point');
  });
});

describe('members', () => {
  it.each([
    ['unions without a name', 'struct s { int k; union { char c; double d; }; };', ['struct s 16/8: k@0 c@8 d@8']],
    [
      'named ones of a nameless type',
      'struct s { char c; union { int lo; struct { short a, b; } hi; } u; };',
      ['struct s 8/4: c@0 u@4 u.lo@4 u.hi@4 u.hi.a@4 u.hi.b@6'],
    ],
    ['bit-fields without a name', 'struct s { int a : 3, : 5, b : 9; int : 0; char c; };', ['struct s 8/4: a@0:3 b@8:9 c@4']],
    ['a flexible array', 'struct s { short n; int data[]; };', ['struct s 4/4: n@0 data@4']],
    ['pointers to functions', 'struct s { int (*f)(void *, ...); void (*g[3])(void); };', ['struct s 32/8: f@0 g@8']],
    [
      'words in any order',
      'struct s { long unsigned int long a; short unsigned b; int long c; char signed d; };',
      ['struct s 32/8: a@0 b@8 c@16 d@24'],
    ],
    ['atomics', 'struct s { _Atomic int a; };', ['s? its member `a`: `_Atomic` may change the layout']],
    ['an unknown type', '#include "gone.h"\nstruct s { gone_t g; };', ['s? its member `g`: `gone_t` is not known: `gone.h` not found']],
    ['an unknown length', 'struct s { char name[LENGTH]; };', ['s? its member `name`: `LENGTH` is not known']],
    ['a va_list', '#include <stdarg.h>\nstruct s { va_list a; };', ['s? its member `a`: `va_list` is laid out as the compiler likes']],
    ['itself', 'struct s { struct s s; };', ['s? s contains itself']],
    ['its own size', 'struct s { char c[sizeof(struct s)]; };', ['s? its member `c`: its size depends on itself']],
    ['typedefs in circles', 'typedef a b; typedef b a; struct s { a x; };', ['s? its member `x`: `a` means itself']],
    [
      'a vector',
      'typedef float v4 __attribute__((vector_size(16))); struct s { v4 v; };',
      ['s? its member `v`: the attribute `vector_size` changes the layout'],
    ],
  ])('%s', async (_, header, expected) => {
    expect(await brief(header)).toEqual(expected);
  });

  it('knows how C writes their types', async () => {
    const header =
      'struct s { unsigned long a; const char *b; int c[2][3]; int (*d)(char, void *); struct s *e; char (*f)[4]; enum x *g; };';
    const [s] = (await layouts(header)).types;
    expect([...(s?.written ?? [])].map(([name, type]) => `${name}: ${type}`)).toEqual([
      'a: unsigned long',
      'b: const char *',
      'c: int[2][3]',
      'd: int (*)(char, void *)',
      'e: struct s *',
      'f: char (*)[4]',
      'g: enum x *',
    ]);
  });
});

describe('attributes', () => {
  it.each([
    ['in front of the tag', 'struct __attribute__((packed)) s { char c; int i; };', ['struct s 5/1: c@0 i@1']],
    ['behind the body', 'typedef struct { char c; int i; } __attribute__((packed)) s;', ['struct s 5/1: c@0 i@1']],
    [
      'behind the name, where packed means nothing',
      'typedef struct { char c; int i; } s __attribute__((packed));',
      ['struct s 8/4: c@0 i@4'],
    ],
    ['on one member of several', 'struct s { char a; int b __attribute__((packed)), c; };', ['struct s 12/4: a@0 b@1 c@8']],
    ['in front of several', 'struct s { char a; __attribute__((packed)) int b, c; };', ['struct s 9/1: a@0 b@1 c@5']],
    ['C23', 'struct [[gnu::packed]] s { char c; int i; };', ['struct s 5/1: c@0 i@1']],
    ['through macros', '#define PACKED __attribute__((__packed__))\nstruct s { char c; int i; } PACKED;', ['struct s 5/1: c@0 i@1']],
    ['aligned', 'struct s { char c; } __attribute__((aligned(4 * 2)));', ['struct s 8/8: c@0']],
    ['aligned to a type', 'struct s { char a; _Alignas(long) char b; };', ['struct s 16/8: a@0 b@8']],
    [
      'that change nothing',
      'struct s { int i __attribute__((deprecated("no")));} __attribute__((may_alias)); __extension__ typedef struct s t;',
      ['struct s 4/4: i@0', 'alias t 4/4: i@0'],
    ],
    [
      'a macro that nothing defines',
      'struct s { char c; int i; } PACKED;',
      ['s? `PACKED` may be a macro, which is not defined in what was read'],
    ],
    ['an unknown macro in front of the tag', 'struct API s { char c; };', ['s? its declaration cannot be parsed']],
    [
      'of a packed enum',
      'enum __attribute__((packed)) e { A, B = 255 }; enum f { C } __attribute__((packed));',
      ['enum e 1/1', 'enum f 1/1'],
    ],
    ['an underlying type', 'enum e : unsigned char { A }; struct s { enum e e; };', ['enum e 1/1', 'struct s 1/1: e@0']],
  ])('%s', async (_, header, expected) => expect(await brief(header)).toEqual(expected));

  it('an alignment of MSVC counts for the type behind it', async () => {
    const header = '__declspec(align(16)) struct s { char c; };\nstruct __declspec(align(8)) t { char c; };';
    expect(await brief(header, 'x86_64-pc-windows-msvc')).toEqual(['struct s 16/16: c@0', 'struct t 8/8: c@0']);
  });
});

describe('doubt', () => {
  it('concerns the types in which it lies, and those that need them', async () => {
    const header = `struct sure { int a; };
struct open {
  int a;
#ifdef NDEBUG
  int b;
#endif
};
struct holds { struct open o; };
struct points { struct open *o; };
`;
    expect(await brief(header)).toEqual([
      'struct sure 4/4: a@0',
      'struct points 8/8: o@0',
      'open? `NDEBUG` depends on the build',
      'holds? `NDEBUG` depends on the build',
    ]);
  });

  it('is settled by a definition outside of it', async () => {
    const header = '#ifdef NDEBUG\nstruct s { int a; };\n#else\nstruct s { long a; };\n#endif\nstruct t { char c; };';
    expect(await brief(header)).toEqual(['struct t 1/1: c@0', 's? `NDEBUG` depends on the build']);
  });

  it('two different definitions are one too many', async () => {
    expect(await brief('struct s { int a; };\nstruct s { long a; };\ntypedef int x; typedef int x; struct t { x a; };')).toEqual([
      'struct t 4/4: a@0',
      's? it is defined twice, and differently',
    ]);
  });

  it('a bad declaration costs itself only', async () => {
    const header = 'struct a { int x; };\nstruct b { int x y z; };\nclass c { public: int x; };\nint f(int (;\nstruct d { char x; };';
    const lines = await brief(header);
    expect(lines).toContain('struct a 4/4: x@0');
    expect(lines).toContain('struct d 1/1: x@0');
    expect(lines).toContain('b? its declaration cannot be parsed');
    expect(lines).toContain('c? its declaration cannot be parsed');
  });

  it('C++ around C is passed over', async () => {
    const header =
      '#ifdef __cplusplus\nextern "C" {\n#endif\nstruct a { int x; };\n#ifdef __cplusplus\n}\n#endif\nextern "C" { struct b { char c; }; }\nstruct d { int x; };';
    expect(await brief(header)).toEqual(['struct a 4/4: x@0', 'struct b 1/1: c@0', 'struct d 4/4: x@0']);
  });
});

describe('functions and variables', () => {
  it('are read with their types, conventions and storage', async () => {
    const header = `
int add(int a, int b);
extern const char *const names[4];
void __stdcall win(unsigned, ...);
static inline int local(int x) { if (x) { return 1; } return bad syntax here; }
__attribute__((visibility("default"))) struct point *make(double x[2], int (*f)(void), void g(int));
int old();
extern "C" { void inside(void); }
`;
    const { symbols } = await unit(header);
    expect(symbols.map((one) => `${one.internal ? 'static ' : ''}${cTypeText(one.type, one.name)}${one.defined ? ' {}' : ''}`)).toEqual([
      'int add(int, int)',
      'const char *names[4]',
      'void win(unsigned int, ...)',
      'static int local(int) {}',
      'struct point *make(double *, int (*)(void), void (*)(int))',
      'int old()',
      'void inside(void)',
    ]);
    const win = symbols[2]?.type;
    expect(win?.kind === 'function' && win.fn.convention).toBe('stdcall');
  });
});

describe('C++ headers', () => {
  it('show what is plain in them', async () => {
    const text = `namespace hidden { struct no { int a; }; }
template <class T> struct none { T t; };
extern "C" { struct point { int x; unsigned b : 3; }; }
struct pod { char c; point p; };
struct derived : pod { int d; };
struct base { int a; virtual void f(); };
struct shared { static int count; int x; };
class closed { int a; };
struct refs { int &r; };
struct empty {};
struct later;
`;
    expect(await brief({ '/w/a.hpp': text })).toEqual([
      'struct point 8/4: x@0 b@32:3',
      'struct pod 12/4: c@0 p@4',
      'empty? an empty class has a byte in C++ and none in C',
      'later? opaque',
    ]);
  });
});
