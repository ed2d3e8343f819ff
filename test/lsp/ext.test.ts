/** docs/lsp.md names every message that goes beyond the protocol, and the state that clients may see. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const read = (name: string): string => readFileSync(path.join(root, name), 'utf8');

it('documents each message of its own, and no other', () => {
  const declared = [...read('server/src/lsp/ext.ts').matchAll(/Method = '([^']+)'/g)].map(([, method]) => method);
  const documented = [...read('docs/lsp.md').matchAll(/^\| `(ffi-lint\/\w+)` \|/gm)].map(([, method]) => method);
  expect(documented.sort()).toEqual(declared.sort());
  expect(declared.length).toBeGreaterThan(0);
});

it('documents each setting of the extension, with its default', () => {
  const { properties } = JSON.parse(read('package.json')).contributes.configuration as { properties: Record<string, { default: unknown }> };
  const rows = new Map(
    [...read('docs/editors.md').matchAll(/^\| `(ffi-lint\.[\w.]+)` \| (?:`([^`]*)`)? ?\|/gm)].map(([, name, value]) => [name, value ?? '']),
  );
  expect(Object.fromEntries(rows)).toEqual(
    Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, String(one.default)])),
  );
});
