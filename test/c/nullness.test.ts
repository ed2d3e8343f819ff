/** What headers say of null: by clang's qualifiers, GNU's attributes, and the words of SAL, whatever defines or does not define them. */
import { describe, expect, it } from 'vitest';
import type { CType, CUnit } from '../../server/src/model/c/ast.ts';
import { unit } from './support.ts';

/** `?` may be null, `!` never is, `-` nothing is said; of a pointer behind it, the same in parentheses. */
function mark(type: CType): string {
  if (type.kind !== 'pointer' && type.kind !== 'named') return '.';
  const own = type.nullable === undefined ? '-' : type.nullable ? '?' : '!';
  return type.kind === 'pointer' && type.to.kind === 'pointer' ? `${own}(${mark(type.to)})` : own;
}

/** `f: RESULT <- PARAMETERS` of each function. */
function marks({ symbols }: CUnit): readonly string[] {
  return symbols.flatMap(({ name, type }) =>
    type.kind === 'function' ? [`${name}: ${mark(type.fn.result)} <- ${type.fn.params.map((one) => mark(one.type)).join(' ')}`] : [],
  );
}

describe('what is said of null', () => {
  it.each([
    ['nothing', 'int *f(int *a, int b);', 'f: - <- - .'],
    ['qualifiers', 'int *_Nullable f(int *_Nonnull a, const int *_Nullable, int *_Null_unspecified c);', 'f: ? <- ! ? -'],
    ['qualifiers at their own pointer', 'void f(int *_Nullable *_Nonnull a, int *_Nonnull *b);', 'f: . <- !(?) -(!)'],
    ['qualifiers at a function', 'void f(int *_Nonnull (*_Nullable g)(int *_Nonnull), int *_Nonnull h(void));', 'f: . <- ? -'],
    ['qualifiers at a name', 'typedef int *p;\np _Nullable f(p _Nonnull a, const p _Nullable b, p c);', 'f: ? <- ! ? -'],
    ['a macro for a qualifier', '#define MAYBE _Nullable\nvoid f(int *MAYBE a);', 'f: . <- ?'],
    ['a qualifier without a meaning', '#if !__has_feature(nullability)\n#define _Nullable\n#endif\nvoid f(int *_Nullable a);', 'f: . <- ?'],
    ['nonnull', 'int *f(int *a, int b, int *c, int *d) __attribute__((nonnull(1, 3)));', 'f: - <- ! . ! -'],
    ['nonnull of all', '__attribute__((__nonnull__, cold)) int *f(int *a, int *b);', 'f: - <- ! !'],
    ['nonnull at a parameter', 'int *f(int *a __attribute__((nonnull)), int *b);', 'f: - <- ! -'],
    ['nonnull of a definition', '__attribute__((nonnull(2))) static int f(int *a, int *b) { return *a; }', 'f: . <- - !'],
    ['returns_nonnull', 'int *f(int *a) __attribute__((returns_nonnull));', 'f: ! <- -'],
    ['both at once', 'int *f(int *_Nullable a) __attribute__((nonnull));', 'f: - <- -'],
    ['SAL without its header', '#include <sal.h>\n_Ret_maybenull_ int *f(_In_ int *a, _In_opt_ int *b, _In_ int c);', 'f: ? <- ! ? .'],
    ['SAL that others define', '#define _Out_opt_\n#define _Inout_opt_ [x]\nint f(_Out_opt_ int *a, _Inout_opt_ int *b);', 'f: . <- ? ?'],
    ['SAL with sizes', 'int f(_In_reads_bytes_opt_(n * (1 + 1)) const void *a, _Out_writes_(n) char *b, int n);', 'f: . <- ? ! .'],
    [
      'SAL of what is written',
      'int f(_Outptr_result_maybenull_ int **a, _Outptr_opt_ int **b, _COM_Outptr_ int **c);',
      'f: . <- !(?) ?(-) !(-)',
    ],
    ['SAL that says nothing of null', '_Success_(return == 0) _Check_return_ int f(_When_(n > 0, _In_opt_) int *a, int n);', 'f: . <- - .'],
    ['SAL in front of the next one', 'int *f(int *a);\n_Ret_notnull_ int *g(void);', 'f: - <- -'],
  ])('%s', async (_, header, expected) => {
    const read = await unit(header);
    expect(marks(read)[0]).toBe(expected);
    expect(read.dropped).toEqual([]);
  });
});
