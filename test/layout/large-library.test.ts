/** Of a package that brings a large C library, `layout` reads the headers that matter for what is asked about. */
import { expect, it } from 'vitest';
import { never } from '../../server/src/base/cancel.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { computeC } from '../../server/src/engine/layouts/c-entries.ts';
import type { CEntriesInput } from '../../server/src/engine/layouts/c-entries.ts';
import { typeWords, wantedHeaders } from '../../server/src/engine/layouts/wanted-headers.ts';
import { target as targetNamed, X64 } from '../abi/layouts.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

const HEADERS = 40;
const target = targetNamed(X64);
const parsers = await testParsers();

/** What a look at these headers needs; `roots` are those that were preprocessed for their own sake. */
function setup(texts: Readonly<Record<string, string>>): {
  readonly input: CEntriesInput;
  readonly headers: readonly string[];
  readonly roots: readonly string[];
} {
  const headers = Object.keys(texts);
  const roots: string[] = [];
  const config = defaultConfig();
  const kept: CEntriesInput['kept'] = {
    unit: (file, _target, _settings, read) => {
      roots.push(file);
      return read();
    },
    module: (_file, _text, read) => read(),
  };
  const files = { rust: [], manifests: [], headers, python: [], report: null, problems: [] };
  return { input: { fs: memoryFs(texts), parsers, files, configFor: () => config, cancellation: never, kept }, headers, roots };
}

/** Forty headers of one type each, which all include one header. */
function library(): Record<string, string> {
  const files: Record<string, string> = { '/p/c/all.h': '#pragma once\ntypedef unsigned char geo_byte;\nint geo_start(void);\n' };
  for (let i = 0; i < HEADERS; i++)
    files[`/p/c/part${i}.h`] = `#include "all.h"\nstruct geo_part${i} { int x; };\nvoid geo_use${i}(struct geo_part${i} *part);\n`;
  for (let i = 0; i < HEADERS; i++) files[`/p/c/user${i}.h`] = `#include "part${i}.h"\nvoid user${i}(struct geo_part${i} *part);\n`;
  return files;
}

it('reads the headers that may define a type of the name', () => {
  const { input, headers, roots } = setup(library());
  const made = computeC(input, target, headers, { files: new Set(), names: ['Part7'] }, []);
  expect(made.types.map(({ name }) => name)).toEqual(['geo_part7']);
  expect(roots).toEqual(['/p/c/part7.h']);
  expect(made.symbols).toContain('geo_use3');
});

it('reads none where nothing is asked about, and all that define a type where everything is', () => {
  const none = setup(library());
  expect(computeC(none.input, target, none.headers, { files: new Set(), names: [] }, []).types).toEqual([]);
  expect(none.roots).toEqual([]);
  const all = setup(library());
  expect(computeC(all.input, target, all.headers, null, []).types.length).toBe(HEADERS);
  expect(all.roots.some((file) => file.includes('user'))).toBe(false);
});

it('reads a header that is asked about, and others of its names', () => {
  const { input, headers, roots } = setup({ ...library(), '/p/old/part3.h': 'struct geo_part3 { char x; };\n' });
  computeC(input, target, headers, { files: new Set(['/p/c/part3.h', '/p/c/user9.h']), names: [] }, []);
  expect(roots).toEqual(['/p/c/part3.h', '/p/c/user9.h', '/p/old/part3.h']);
});

it('reads of a whole folder that is named those that define a type', () => {
  const { input, headers, roots } = setup(library());
  expect(computeC(input, target, headers, { files: new Set(headers), names: [] }, []).types.length).toBe(HEADERS);
  expect(roots.some((file) => file.includes('user'))).toBe(false);
});

it('finds the names of types in every form of a definition', () => {
  const text = `struct __attribute__((packed)) one { int a; };
typedef struct { int b; } two, *three;
typedef int (*four)(void);
enum five
{ A };
DECLARE_HANDLE(six);
#define MAKE(name) struct seven_##name { int x; }
MAKE(up);
/* struct not { */ // typedef int neither;
void used(struct nowhere *it);
`;
  const words = typeWords(text);
  for (const name of ['one', 'two', 'three', 'four', 'five', 'six', 'seven_up']) expect(words).toContain(name);
  for (const name of ['not', 'neither', 'nowhere', 'used']) expect(words).not.toContain(name);
});

it('hostile texts cost no more than their length', () => {
  const texts = ['struct '.repeat(20_000), '}'.repeat(50_000), `typedef ${'('.repeat(50_000)}`, '/*'.repeat(50_000), 'A('.repeat(50_000)];
  for (const text of texts) expect(wantedHeaders(['a.h'], () => text, ['Nobody']).size).toBe(0);
});
