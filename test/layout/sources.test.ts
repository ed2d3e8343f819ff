/** `ffi-lint layout` on C sources and C++ headers, and with the flags of a build. */
import { expect, it } from 'vitest';
import { run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';

const LINUX = ['--target', 'x86_64-unknown-linux-gnu', '--probe', 'off', '--isolated'];

/** The types that are shown, with their sizes. */
async function shown(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<string> {
  const { out } = await run(tempFolder(files), ['layout', ...args, ...LINUX, '--output-format', 'json']);
  const { types } = JSON.parse(out) as { readonly types: readonly { readonly name: string; readonly size: number }[] };
  return types.map(({ name, size }) => `${name} ${size}`).join(', ');
}

const FILES = {
  'a.h': 'struct a { int x; };\n',
  'b.c': '#include "a.h"\nstruct b { struct a a; long y; };\n',
  'c.c': 'struct c { char x; };\n',
};

it('shows the types of a source where it is named', async () => {
  expect(await shown(FILES, '.')).toBe('a 4');
  expect(await shown(FILES, 'b.c')).toBe('b 16');
  expect(await shown({ 'b.c': 'struct b { long y; };\n' }, 'b.c')).toBe('b 8');
});

it('shows the plain records of a C++ header', async () => {
  const text = 'extern "C" { struct p { short s; }; }\nnamespace n { struct hidden { int x; }; }\nstruct q { p one; int two; };\n';
  expect(await shown({ 'a.hpp': text }, 'a.hpp')).toBe('p 2, q 8');
});

it('heeds the build script and compile_commands.json', async () => {
  const files = {
    'Cargo.toml': '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n',
    'src/lib.rs': '',
    'build.rs': 'fn main() { cc::Build::new().file("a.c").define("WIDE", None).compile("a"); }',
    'compile_commands.json': '[{ "directory": ".", "file": "a.c", "command": "cc -DN=7 -c a.c" }]',
    'a.h': '#ifdef WIDE\nstruct a { char c[N]; };\n#endif\n',
  };
  expect(await shown(files, '.')).toBe('a 7');
});
