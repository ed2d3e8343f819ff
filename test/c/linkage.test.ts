/** Which names of a C++ header have C's linkage. */
import { describe, expect, test } from 'vitest';
import { scanLinkage } from '../../server/src/syntax/c/linkage.ts';

function names(text: string, file = 'geo.hpp'): readonly string[] {
  return scanLinkage(file, text).prototypes.map(({ name, linkage, internal }) => `${linkage} ${name}${internal ? ' (internal)' : ''}`);
}

describe('linkage in C++ headers', () => {
  test('a block, a single declaration, and what stands outside', () => {
    const text = 'extern "C" {\nint geo_a(int x);\n}\nextern "C" int geo_b();\nint geo_c(long);\n';
    expect(names(text)).toEqual(['c geo_a', 'c geo_b', 'c++ geo_c']);
  });

  test('blocks in namespaces, classes and bodies', () => {
    const text =
      'namespace geo {\nclass Map {\n public:\n  int load(int x);\n};\nextern "C" {\nint geo_a(int x);\n}\nint geo_b(int y) { return load(y); }\n}\n';
    expect(names(text)).toEqual(['c geo_a', 'c++ geo_b (internal)']);
  });

  test('blocks that macros open', () => {
    expect(names('GEO_BEGIN_DECLS\nint geo_a(void);\nGEO_END_DECLS\nint geo_b(void);\n')).toEqual(['c geo_a', 'c++ geo_b']);
  });

  test('inline functions, templates, types and calls are no prototypes of symbols', () => {
    const text =
      'template <typename T> T geo_max(T a, T b);\ninline int geo_a(int x) { return geo_b(x); }\ntypedef int (*geo_fn)(int);\nusing F = int(int);\nint geo_value = geo_c(1);\n';
    expect(names(text)).toEqual(['c++ geo_max (internal)', 'c++ geo_a (internal)']);
  });

  test('a C header with the usual guard is no C++', () => {
    const text =
      '#ifdef __cplusplus\nnamespace geo { class Map; }\nextern "C" {\n#endif\nint geo_a(void);\n#ifdef __cplusplus\n}\n#endif\n';
    expect(scanLinkage('geo.h', text)).toEqual({ cplusplus: false, prototypes: [] });
  });

  test('a header with classes for every compiler is C++ whatever its name', () => {
    expect(names('class Map { int x; };\nint geo_a(Map *map);\n', 'geo.h')).toEqual(['c++ geo_a']);
  });

  test('places are those of the file, comments and spliced lines included', () => {
    const text = '/* namespace */ class A {};\nint \\\n geo_a(int);\n';
    const [one] = scanLinkage('geo.hpp', text).prototypes;
    expect(text.slice(one?.start, one?.end)).toBe('geo_a');
  });

  test('nothing where braces do not match', () => {
    expect(names('#if A\nint geo_a(int) {\n#else\nint geo_a(long) {\n#endif\n}\nint geo_b();\n')).toEqual([]);
  });

  test.each([
    ['open braces', '{'.repeat(200_000)],
    ['open parentheses', 'int f('.repeat(100_000)],
    ['one long word', 'a'.repeat(1_000_000)],
    ['quotes', '"'.repeat(200_000)],
    ['colons', 'a::'.repeat(200_000)],
    ['blanks', `template${' '.repeat(500_000)}x`],
  ])('%s take no time', (_, text) => {
    const started = performance.now();
    scanLinkage('geo.hpp', text);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
