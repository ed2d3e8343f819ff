/** What rustc is asked, as text: where the questions stand, how types and members are named, and what is left out. */
import { describe, expect, it } from 'vitest';
import { emitProbes } from '../../../server/src/probe/rust/emit.ts';
import { implHeader } from '../../../server/src/probe/rust/generics-text.ts';
import { planOf } from './plan-of.ts';
import { readErrors } from '../../../server/src/probe/rust/diagnostics.ts';

async function emitted(files: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, string>> {
  const { plan, target, text } = await planOf(files);
  const asked = plan.probes.map((probe) => ({ probe, depth: 'whole' as const }));
  return emitProbes({ root: '/c/src/lib.rs', text, asked, shapes: plan.shapes, target }).files;
}

/** The question about the only type of a crate, its helper and the crate's own text left out. */
async function question(text: string): Promise<string> {
  const made = (await emitted({ '/c/src/lib.rs': text })).get('/c/src/lib.rs') ?? '';
  return made.slice(text.length, made.indexOf('#[doc(hidden)] #[allow(warnings, clippy::all)] mod')).trim();
}

describe('questions', () => {
  it('stand at the end of the module of the type: behind a last comment, in front of a closing brace', async () => {
    const files = {
      '/c/src/lib.rs':
        'mod own;\nmod inline { pub mod deep { #[repr(C)] struct Deep(u8); } // last\n}\n#[repr(C)] struct Top(u8); // no line end',
      '/c/src/own.rs': '#[repr(C)] struct Own(u8);\n',
    };
    const made = await emitted(files);
    expect(made.get('/c/src/own.rs')).toMatch(/^#\[repr\(C\)\] struct Own\(u8\);\n\n#\[allow.*Own/);
    const root = made.get('/c/src/lib.rs') ?? '';
    expect(root).toMatch(/struct Deep\(u8\); \n#\[allow\(.*::<Deep>[^\n]*\n__f::p::<\d+>\(\d+, v\) };\n} \/\/ last/);
    expect(root).toMatch(/\/\/ no line end\n#\[allow\(.*::<Top>/);
    expect(root.match(/mod __ffi_lint/g)).toHaveLength(1);
  });

  it('do not ask what every target defines: the size of a number or a pointer', async () => {
    const asked = await question('struct Other;\n#[repr(C)] struct A { a: u8, b: *const u8, c: Other }\n');
    expect(asked).toContain('offset_of!(A, a)');
    expect(asked.match(/addr_of!/g)).toHaveLength(1);
    expect(asked).toContain('(*p).c');
  });

  it('carry the conditions of type and members', async () => {
    const asked = await question('#[cfg(unix)]\n#[repr(C)]\nstruct A { a: u8, #[cfg(feature = "x")] b: u8 }\n');
    expect(asked).toMatch(/^#\[cfg\(unix\)\] #\[allow/);
    expect(asked).toContain('#[cfg(feature = "x")] 1, #[cfg(feature = "x")] __f::core::mem::offset_of!(A, b)');
  });

  it('name members as they are written, and those of variants through a pattern', async () => {
    const asked = await question('struct Z;\n#[repr(C)] enum r#E { One(u8, Z), Two { r#type: Z } }\n');
    expect(asked).toContain('offset_of!(r#E, One.1)');
    expect(asked).toContain('offset_of!(r#E, Two.r#type)');
    expect(asked).toContain('match *p { r#E::Two { r#type: ref x, .. } =>');
  });

  it('leave out a number behind a member of a tuple that may not be there, and types without a size', async () => {
    const asked = await question('#[repr(C)] struct A(u8, #[cfg(x)] u16, u32);\n#[repr(C)] struct B { a: u8, b: [u8] }\n');
    expect(asked).toContain('offset_of!(A, 1)');
    expect(asked).not.toContain('offset_of!(A, 2)');
    expect(asked).not.toContain('<B>');
  });

  it('ask about a generic type where an alias names an instance, through a constant of the type', async () => {
    const text = 'mod a { #[repr(C)] pub struct P<T: Copy> { x: T } }\ntype Q = a::P<u16>;\ntype Other = Vec<u8>;\n';
    const made = (await emitted({ '/c/src/lib.rs': text })).get('/c/src/lib.rs') ?? '';
    expect(made).toContain('impl<T: Copy> P<T> { #[doc(hidden)] pub const __FFI_LINT:');
    expect(made).toContain('= <Q>::__FFI_LINT;');
    expect(made).not.toContain('<Other>');
  });
});

describe('generic parameters', () => {
  it.each([
    ['struct A<T>(T);', 'impl<T> A<T>'],
    [
      "pub struct A<'a, T: Fn(u8) -> u8 + 'a = Thing<u8>, const N: usize = { 3 > 2 }> {",
      "impl<'a, T: Fn(u8) -> u8 + 'a, const N: usize> A<'a, T, N>",
    ],
    [
      'struct A<T,> where T: Iterator<Item = (u8, u8)>, [T; 2]: Sized { a: T }',
      'impl<T> A<T> where T: Iterator<Item = (u8, u8)>, [T; 2]: Sized',
    ],
    ['struct A<T>(T) where T: Copy;', 'impl<T> A<T> where T: Copy'],
    ['union r#U<T /* of it: <, > */> { a: T }', 'impl<T> r#U<T>'],
  ])('%s', (text, header) => {
    expect(implHeader(text)).toBe(header);
  });

  it('without any there is nothing to say', () => {
    expect(implHeader('struct A { a: Vec<u8> }')).toBe(null);
  });
});

it('errors are read with their notes and the places of macro calls, records and warnings aside', () => {
  const span = { file_name: '/a.rs', line_start: 3, is_primary: true, expansion: { span: { file_name: '/b.rs', line_start: 9 } } };
  const lines = [
    JSON.stringify({
      level: 'error',
      message: 'no',
      code: { code: 'E0412' },
      spans: [span, { ...span, is_primary: false }],
      children: [{ message: 'have you seen' }, {}],
    }),
    JSON.stringify({ level: 'error', message: 'evaluation panicked: @FFI1|1,2!', code: null, spans: [span] }),
    JSON.stringify({ level: 'warning', message: 'well', code: null, spans: [] }),
    '{"level":"error","mess',
    'text',
  ];
  expect(readErrors(lines.join('\n'))).toEqual([
    {
      code: 'E0412',
      message: 'no',
      places: [
        { file: '/a.rs', line: 3 },
        { file: '/b.rs', line: 9 },
      ],
      notes: ['have you seen'],
    },
  ]);
});
