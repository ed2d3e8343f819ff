/** Rounds of asking, with a rustc that says what a test wants it to. */
import { expect, it } from 'vitest';
import type { TypeLayout } from '../../../server/src/abi/layout-entries.ts';
import { askRustc } from '../../../server/src/probe/rust/ask.ts';
import type { Answers } from '../../../server/src/probe/rust/ask.ts';
import { entriesOf } from '../../../server/src/probe/rust/entries.ts';
import { planOf } from './plan-of.ts';

const ROOT = '/c/src/lib.rs';

interface Said {
  readonly records?: readonly (readonly number[])[];
  /** Errors, at the first line of the emitted root that has this text. */
  readonly errors?: readonly { readonly at: string; readonly message: string; readonly code?: string }[];
}

/** What comes of the crate's types where each round of rustc says the next thing. */
async function ask(text: string, rounds: readonly Said[], computed: TypeLayout | null = null) {
  const { plan, target, workspace, text: read } = await planOf({ [ROOT]: text });
  let round = -1;
  let stderr = '';
  const answers = await askRustc({
    plan,
    target,
    root: ROOT,
    text: read,
    fs: { read: () => stderr, isFile: () => true, isDirectory: () => false, list: () => [] },
    reader: {
      read: async () => ({ records: (rounds[round]?.records ?? []).map((values) => ({ values: values.map(BigInt) })), rejected: 0 }),
      check: async () => null,
      close: () => {},
    },
    async compile(files) {
      round++;
      const lines = (files.get(ROOT) ?? '').split('\n');
      stderr = (rounds[round]?.errors ?? [])
        .map(({ at, message, code }) => {
          const line = lines.findIndex((one) => one.includes(at)) + 1;
          const spans = [{ file_name: ROOT, line_start: line, is_primary: true }];
          return JSON.stringify({ level: 'error', message, code: code ? { code } : null, spans });
        })
        .join('\n');
      return { stderr: '/stderr', named: (file) => file, original: () => null };
    },
  });
  const shown = (all: Answers): readonly string[] => {
    const { entries, absent } = entriesOf(plan, all, workspace, target, ({ name }) => (name === computed?.name ? computed : null));
    return [
      ...entries.types.map(({ name, layout }) => `${name} ${layout.size} ${layout.fields.map((field) => field.offset).join()}`),
      ...entries.unknown.map(({ name, reason }) => `${name} unknown: ${reason}`),
      ...absent.map(({ name }) => `${name} absent`),
    ];
  };
  return { rounds: round + 1, result: 'failure' in answers ? answers.failure : shown(answers) };
}

const TWO = '#[repr(C)] struct A { a: u8, b: u32 }\n#[repr(C)] struct B(u16);\n';
const A = [0, 8, 4, 0, 0, 1, 4];
const B = [1, 2, 2, 0, 0];

it('one round where all answer', async () => {
  expect(await ask(TWO, [{ records: [A, B, A, [99, 1, 1]] }])).toEqual({ rounds: 1, result: ['A 8 0,4', 'B 2 0'] });
});

it('a type whose members cannot be asked about is asked for its size, which says less than what was computed', async () => {
  const rounds = [{ records: [B], errors: [{ at: 'offset_of!(A, a)', message: 'no field `a`' }] }, { records: [[0, 8, 4]] }];
  expect(await ask(TWO, rounds)).toEqual({
    rounds: 2,
    result: ['B 2 0', 'A unknown: rustc says 8 bytes, alignment 4, and cannot be asked about the members'],
  });
});

it('a size that is not what was computed counts, though the members cannot be asked about', async () => {
  const rounds = [{ records: [B], errors: [{ at: 'offset_of!(A, a)', message: 'no field `a`' }] }, { records: [[0, 8, 4]] }];
  const computed = (size: number): TypeLayout => ({
    kind: 'struct',
    language: 'rust',
    name: 'A',
    at: { file: ROOT, span: { start: 0, end: 1 } },
    target: '',
    provenance: 'computed',
    layout: { kind: 'layout', size, align: 4, fields: [], padding: 0 },
    written: new Map(),
  });
  const wrong = await ask(TWO, rounds, computed(12));
  expect(wrong.result).toEqual(['A 8 ', 'B 2 0']);
  const right = await ask(TWO, rounds, computed(8));
  expect(right.result).toEqual(['B 2 0', 'A unknown: rustc says 8 bytes, alignment 4, and cannot be asked about the members']);
});

it('a type that rustc refuses twice is left out with the reason, the others are asked again where nothing was evaluated', async () => {
  const error = (at: string) => [{ at, message: 'cannot find type `A`' }];
  const rounds = [{ errors: error('offset_of!(A, a)') }, { errors: error('size_of::<A>') }, { records: [B] }];
  expect(await ask(TWO, rounds)).toEqual({ rounds: 3, result: ['A unknown: rustc says: cannot find type `A`', 'B 2 0'].sort().reverse() });
});

it('silence means that a condition keeps a type out, or that it is broken elsewhere', async () => {
  const text = `${TWO}#[cfg(windows)] #[repr(C)] struct C(u8);\n`;
  const broken = { records: [B], errors: [{ at: 'struct A', message: 'overflow' }] };
  expect(await ask(text, [broken])).toEqual({ rounds: 1, result: ['B 2 0', 'A unknown: rustc says: overflow', 'C absent'] });
});

it('a crate that does not compile is a failure, and so is a target without a standard library', async () => {
  expect(await ask(TWO, [{ errors: [{ at: 'struct A', message: 'unclosed' }] }])).toEqual({
    rounds: 1,
    result: 'it does not compile: unclosed',
  });
  const lacking = { errors: [{ at: 'struct A', message: "can't find crate for `core`", code: 'E0463' }] };
  expect((await ask(TWO, [lacking])).result).toMatch(/^the standard library for x86_64-unknown-linux-gnu is not installed/);
});

it('values that are not those of the type are not taken', async () => {
  expect(await ask(TWO, [{ records: [[0, 8, 4, 7, 0], B] }])).toEqual({
    rounds: 1,
    result: ['B 2 0', "A unknown: rustc's answer is not understood"],
  });
});
