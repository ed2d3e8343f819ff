/** Rust layouts measured by the rustc of this machine: what it sees in a hard crate, and what is left alone on the way. */
import { afterAll, expect, test } from 'vitest';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tempFolder } from '../../support/temp-folder.ts';
import { DEMO } from './demo.ts';
import { measure, shown, treeHash, whyNot } from './support.ts';

const TIMEOUT = 120_000;
const LINUX = process.platform === 'linux' && process.arch === 'x64';
const missing = whyNot() ?? (LINUX ? null : 'the figures are those of 64-bit Linux');
const cache = mkdtempSync(join(tmpdir(), 'ffi-lint-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** `type first @offset` … of the demo crate, as rustc 1.77 and later lay it out. */
const EXPECTED = [
  'alias FixedText 24/8: bytes 0+5, behind 8+16',
  'alias PairOfBytes 2/1: first 0+1, second 1+1',
  'alias PairOfWide 16/8: first 0+8, second 8+1',
  'enum Plain 4/4',
  'enum Small 1/1',
  'enum Tagged 24/8: tag 0+1, One.0 8+4, Two.a 8+1, Two.b 16+8',
  'enum Tagged16 8/4: tag 0+2, One.0 2+1, Two.0 4+4',
  'struct Aligned 16/16: a 0+1, b 4+4',
  'struct Borrowing 40/8: text 0+16, list 16+16, one 32+8',
  'struct Conditional 24/8: first 0+1, wide 8+8, last 16+1',
  'struct Deeper 10/2: a 0+1, b 2+8',
  'struct FromDependency 8/4: type 0+1, after 4+4',
  'struct Generated 16/8: a 0+1, b 8+8',
  'struct Handle 4/4: 0 0+4',
  'struct Inline 4/2: a 0+1, b 2+2',
  'struct Inner 16/8: a 0+1, b 8+8',
  'struct Keywords 16/8: type 0+1, match 8+8',
  'struct Local1 16/8: a 0+1, b 8+8',
  'struct Local2 16/8: a 0+1, b 8+8',
  'struct Nothing 0/1',
  'struct Optional 24/8: handle 0+4, boxed 8+8, call 16+8',
  'struct Outer 144/8: tag 0+1, inner 8+16, list 24+112, foreign 136+6',
  'struct Packed 7/1: a 0+1, b 1+4, c 5+2',
  'struct Tuple 12/4: 0 0+1, 1 4+4, 2 8+1',
  'union Number 16/8: whole 0+4, real 0+8, inner 0+16',
];

test(
  'private, generated, conditional, generic and packed types are measured, and nothing of the user is touched',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder(DEMO);
    const before = treeHash(folder);
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(made.problems).toEqual([]);
    expect(shown(made.measured.entries.types)).toEqual(EXPECTED);
    expect(made.entries.types.filter(({ provenance }) => provenance === 'computed').map(({ name }) => name)).toEqual(['Extra']);
    expect(made.measured.absent.map(({ name }) => name)).toEqual(['Extra']);
    expect(made.entries.unknown.map(({ name, reason }) => `${name}: ${reason}`).sort()).toEqual([
      'Fixed: Fixed has type parameters',
      'Pair: Pair has type parameters',
      'Unsized: the type has no size',
    ]);
    expect(treeHash(folder)).toBe(before);
    const made2 = made.measured.entries.types.find(({ name }) => name === 'Generated');
    expect(made2?.at).toMatchObject({ file: join(folder, 'src/lib.rs') });

    const again = await measure(folder, { cache });
    expect(again.compiled).toEqual([]);
    expect(shown(again.measured.entries.types)).toEqual(EXPECTED);
    expect(again.measured.absent).toEqual(made.measured.absent);

    // Inside of functions nothing decides a layout; places move and are found again.
    const small = join(folder, 'src/elsewhere/sub.rs');
    const withFunction = `fn first() {}\n${readFileSync(small, 'utf8')}`;
    writeFileSync(small, withFunction);
    expect((await measure(folder, { cache })).compiled).toEqual(['demo_crate']);
    writeFileSync(small, withFunction.replace('{}', '{ let _much = [0; 100]; }'));
    const moved = await measure(folder, { cache });
    expect(moved.compiled).toEqual([]);
    const at = moved.measured.entries.types.find(({ name }) => name === 'Plain')?.at;
    expect(at && readFileSync(at.file, 'utf8').slice(at.span.start, at.span.end)).toBe('Plain');
  },
  TIMEOUT,
);

test(
  'features decide what is there, for cargo and for what is kept',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder(DEMO);
    const of = async (cargoArguments: readonly string[]) =>
      shown((await measure(folder, { cache, cargoArguments })).measured.entries.types).filter((line) => /Conditional|Extra/.test(line));
    expect(await of([])).toEqual(['struct Conditional 24/8: first 0+1, wide 8+8, last 16+1']);
    expect(await of(['--no-default-features', '--features', 'extra'])).toEqual([
      'struct Conditional 3/1: first 0+1, wide 1+1, last 2+1',
      'struct Extra 1/1: a 0+1',
    ]);
  },
  TIMEOUT,
);
