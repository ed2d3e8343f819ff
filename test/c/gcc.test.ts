/** What headers are read as without a compiler against what gcc says of them. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { TypeLayout } from '../../server/src/abi/layout-entries.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { layouts } from './support.ts';

const headers = path.join(path.dirname(fileURLToPath(import.meta.url)), 'headers');
const has = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const onLinux = process.platform === 'linux' && process.arch === 'x64' && has('gcc');

/** How C writes the type: a tag needs its keyword where no typedef has the name. */
function spelled({ name, kind }: TypeLayout, text: string): string {
  const tag = new RegExp(`\\b${kind}\\s+(__attribute__\\s*\\(\\(\\w+\\)\\)\\s*)?${name}\\s*\\{`).test(text);
  const typedef = new RegExp(`\\}[^;{}]*\\b${name}\\b[^;{}]*;`).test(text);
  return kind === 'alias' || (typedef && !tag) ? name : `${kind} ${name}`;
}

/** A program that prints `name size align field=offset field=bits:width …` for each type. */
function program(header: string, text: string, types: readonly TypeLayout[]): string {
  const lines = types.map((type) => {
    const c = spelled(type, text);
    const fields = type.layout.fields.map(({ name, bitWidth }) =>
      bitWidth === null
        ? `printf(" ${name}=%zu", offsetof(${c}, ${name}));`
        : `{ static ${c} v; memset(&v, 0, sizeof v); v.${name} = -1; bits("${name}", &v, sizeof v); }`,
    );
    return `printf("${type.name} %zu %zu", sizeof(${c}), _Alignof(${c}));\n${fields.join('\n')}\nprintf("\\n");`;
  });
  return `#include <stddef.h>\n#include <stdio.h>\n#include <string.h>\n#include "${header}"
static void bits(const char *name, const void *p, size_t size) {
  const unsigned char *b = p; long first = -1, count = 0;
  for (size_t i = 0; i < size * 8; i++) if (b[i / 8] >> (i % 8) & 1) { if (first < 0) first = i; count++; }
  printf(" %s=%ld:%ld", name, first, count);
}
int main(void) {
${lines.join('\n')}
return 0; }\n`;
}

function ours(types: readonly TypeLayout[]): readonly string[] {
  return types.map(({ name, layout }) => {
    const fields = layout.fields.map((one) => `${one.name}=${one.bitWidth === null ? one.offset : `${one.bitOffset}:${one.bitWidth}`}`);
    return [name, layout.size, layout.align, ...fields].join(' ');
  });
}

for (const name of readdirSync(headers)) {
  test.runIf(onLinux)(`${name} is laid out as gcc lays it out`, async () => {
    const file = path.join(headers, name);
    const text = readFileSync(file, 'utf8');
    const { types, unknown } = await layouts({ [`/w/${name}`]: text });
    expect(unknown.filter(({ reason }) => reason !== 'opaque')).toEqual([]);
    const binary = path.join(tempFolder(), 'probe');
    const compiled = spawnSync('gcc', ['-w', '-o', binary, '-x', 'c', '-'], { input: program(file, text, types), encoding: 'utf8' });
    expect(compiled.stderr).toBe('');
    const said = spawnSync(binary, { encoding: 'utf8' }).stdout.trim().split('\n');
    expect(ours(types)).toEqual(said);
    expect(types.length).toBeGreaterThan(8);
  });
}
