/** Declarations with macros that nothing defines: what is left without them counts. */
import { expect, test } from 'vitest';
import { world } from './support.ts';

async function signatureOf(header: string): Promise<string> {
  const rust = 'extern "C" {\n    pub fn geo_load(layer: i32, name: *const u8) -> i32;\n}\n';
  const { snapshot } = await world({ 'src/lib.rs': rust, 'geo.h': `#include "missing.h"\n${header}` });
  const [fn] = snapshot.surface.functions;
  const [linked] = fn ? snapshot.peers.linkedTo(fn) : [];
  if (!linked) return 'not linked';
  return linked.peer.signatures
    .map(({ params, result }) => `${result?.written}(${params?.map(({ written }) => written).join(', ')})`)
    .join(' | ');
}

const WANTED = 'int(int, const char *)';

test.each([
  ['in front', 'GEO_API int geo_load(int layer, const char *name);\n'],
  ['two in front', 'GEO_API GEO_WEAK int geo_load(int layer, const char *name);\n'],
  ['between the type and the name', 'extern int GEO_CALL geo_load(int layer, const char *name);\n'],
  ['behind the parameters', 'int geo_load(int layer, const char *name) GEO_NOTHROW;\n'],
  ['with arguments behind the parameters', 'int geo_load(int layer, const char *name) GEO_NONNULL(2) GEO_FORMAT((printf, 1, 2));\n'],
  ['with arguments in front', 'GEO_EXPORT(1, 2) int geo_load(int layer, const char *name);\n'],
  ['in parameters', 'int geo_load(GEO_IN int layer, GEO_IN const char *GEO_RESTRICT name);\n'],
  [
    'beside another declaration',
    'GEO_API int geo_other(int);\nGEO_API int geo_load(int layer, const char *name);\nGEO_API void geo_last(void);\n',
  ],
])('%s', async (_, header) => {
  expect(await signatureOf(header)).toBe(WANTED);
});

test('what a macro makes of the type that it gets is not known', async () => {
  expect(await signatureOf('GEO_FN(int) geo_load(int layer, const char *name);\n')).toBe('?(int, const char *)');
});

test('a type is no macro, whatever it is called', async () => {
  expect(await signatureOf('typedef int GEO_STATUS;\nGEO_STATUS geo_load(int layer, const char *name);\n')).toBe(
    'GEO_STATUS(int, const char *)',
  );
});
