/** `ffi-lint generate` as its users see it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MANIFEST, run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';

const FILES = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': `
#[repr(C)]
pub struct Pair { pub a: i32, pub b: Inner }

#[repr(C)]
pub struct Inner { pub c: u64 }

pub struct Plain { pub a: i32 }

#[no_mangle]
pub extern "C" fn pair_sum(pair: *const Pair) -> u64 { pair as u64 }

#[no_mangle]
pub extern "C" fn inner_get(inner: Inner) -> u64 { inner.c }

#[no_mangle]
pub extern "C" fn plain_take(plain: Plain) {}

#[no_mangle]
pub extern "system" fn system_call() {}
`,
};

describe('what is chosen', () => {
  it('--type takes a type with what it holds', async () => {
    const { code, out } = await run(tempFolder(FILES), ['generate', 'c', '--type', 'Pair']);
    expect(code).toBe(0);
    expect(out).toMatch(/struct Inner \{[\s\S]*struct Pair \{/);
    expect(out).not.toContain('pair_sum');
  });

  it('--fn takes a function with its types', async () => {
    const { code, out } = await run(tempFolder(FILES), ['generate', 'ctypes', '--fn', 'inner_get']);
    expect(code).toBe(0);
    expect(out).toContain('class Inner');
    expect(out).toContain('lib.inner_get.restype = ctypes.c_uint64');
    expect(out).not.toContain('class Pair');
  });
});

describe('what cannot be said', () => {
  it('stands in the text with its reason, on stderr with its place, and in the exit code', async () => {
    const { code, out, err } = await run(tempFolder(FILES), ['generate', 'c']);
    expect(code).toBe(1);
    expect(err).toContain('src/lib.rs:17:19: `plain_take` is left out: the layout of Plain is not defined: it is not repr(C)');
    expect(out).toContain('/* not generated: `plain_take`: the layout of Plain is not defined: it is not repr(C) */');
    expect(out).not.toMatch(/^[^/\n]*plain_take/m);
    expect(out).toContain('SAMPLE_STDCALL system_call(void)');
  });

  it('differs between languages', async () => {
    const { err } = await run(tempFolder(FILES), ['generate', 'bun']);
    expect(err).toContain('`inner_get` is left out: Bun passes no struct or union by value');
    expect(err).toContain("`system_call` is left out: its calling convention `system` is C's own on some targets only");
  });

  it('a type that is only pointed to stays opaque', async () => {
    const files = {
      ...FILES,
      'src/lib.rs': 'pub struct Handle { n: u64 }\n#[no_mangle]\npub extern "C" fn handle_free(h: *mut Handle) {}\n',
    };
    const { code, out } = await run(tempFolder(files), ['generate', 'c']);
    expect(code).toBe(0);
    expect(out).toContain('typedef struct Handle Handle;');
    expect(out).toContain('void handle_free(Handle *h);');
  });
});

it('writes the same text each time', async () => {
  const folder = tempFolder(FILES);
  const texts = [];
  for (let i = 0; i < 2; i++) {
    await run(folder, ['generate', 'c', '-o', 'sample.h']);
    texts.push(readFileSync(path.join(folder, 'sample.h'), 'utf8'));
  }
  expect(texts[1]).toBe(texts[0]);
});

describe('refused', () => {
  it.each([
    [[], /what to generate is missing[\s\S]*one of c, ctypes/],
    [['ctype'], /`ctype` cannot be generated; did you mean `ctypes`\?/],
    [['c', '--type', 'Nothing'], /there is no type `Nothing` at the boundary here/],
    [['c', '--fn', 'nothing'], /there is no function `nothing`/],
    [['c', '--fn', 'a', '--type', 'b'], /--type and --fn do not go together/],
    [['rust'], /no header here declares a function or type/],
    [['c', '--target', 'pdp11-dec-unix'], /there is no target `pdp11-dec-unix`/],
    [['c', 'none'], /none does not exist/],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await run(tempFolder(FILES), ['generate', ...argv]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });
});

describe('what is hidden behind pointers', () => {
  it('types of other crates, and two of one name, are opaque', async () => {
    const files = {
      'Cargo.toml': `${MANIFEST}\n[dependencies]\nelsewhere = "1"\n`,
      'src/lib.rs': `pub mod other { pub struct Config { n: u8 } }
pub struct Config { n: u8 }
#[cfg(feature = "ffi")]
#[no_mangle]
pub extern "C" fn config_one(a: *mut Config, b: &other::Config, c: *const elsewhere::Thing) {}
`,
    };
    const { code, out } = await run(tempFolder(files), ['generate', 'c']);
    expect(code).toBe(0);
    expect(out).toContain('/** Compiled under a condition only. */\nvoid config_one(Config *a, const Config_2 *b, const Thing *c);');
    expect(out).toContain('typedef struct Config_2 Config_2;');
  });

  it('a class that another one holds is complete before it', async () => {
    const files = {
      ...FILES,
      'src/lib.rs': `#[repr(C)]
pub struct Node { pub next: *mut Tree, pub n: u8 }
#[repr(C)]
pub struct Tree { pub root: Node, pub n: u8 }
#[no_mangle]
pub extern "C" fn tree_take(tree: *mut Tree) {}
`,
    };
    const { out } = await run(tempFolder(files), ['generate', 'ctypes']);
    expect(out.indexOf('Node._fields_')).toBeGreaterThan(0);
    expect(out.indexOf('Tree._fields_')).toBeGreaterThan(out.indexOf('Node._fields_'));
  });
});
