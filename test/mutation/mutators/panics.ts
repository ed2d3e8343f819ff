/** Mistakes with panics, put at the top of exported fns. */
import type { Mutation, Mutator, World } from '../world.ts';
import { atTop, bodies, paramsOf, pointerParams } from '../world.ts';

/** A statement at the top of every export; `statement` gives null where a fn has nothing for it. */
function statements(
  rule: string,
  does: string,
  statement: (fn: ReturnType<typeof bodies>[number]) => string | null,
  ...roles: readonly ('export' | 'callback')[]
): Mutator {
  return {
    rule,
    does,
    planted: true,
    mutations: (world: World): readonly Mutation[] =>
      bodies(world, ...roles).flatMap((fn) => {
        const made = statement(fn);
        return made === null ? [] : [{ edits: [atTop(fn, made)], where: fn.ast.name }];
      }),
  };
}

const PANICS = ['panic!("mutant")', 'todo!()', 'assert!(std::process::id() > 1, "bad mutant")', 'unimplemented!()'];
const UNWRAPS = [
  'let _mutant = std::env::var("MUTANT").unwrap();',
  'let _mutant = "17x".parse::<u8>().unwrap();',
  'let mutant = u8::try_from(std::process::id()); let _mutant = mutant.unwrap();',
  'let _mutant = std::fs::read("mutant").expect("reading the mutant failed");',
];

/** One of a list, by the fn's name: the same in every run. */
function of(list: readonly string[], name: string): string {
  return list[name.length % list.length] ?? '';
}

export const PANIC_MUTATORS: readonly Mutator[] = [
  statements(
    'panic-in-extern-fn',
    'adds a panicking macro',
    (fn) => `if std::process::id() == 1 { ${of(PANICS, fn.ast.name)}; }`,
    'export',
    'callback',
  ),
  statements('unwrap-in-extern-fn', 'adds an `unwrap` or `expect`', (fn) => of(UNWRAPS, fn.ast.name), 'export', 'callback'),
  statements('cstr-to-str-unwrap', 'adds `to_str().unwrap()` of a C string', (fn) => {
    const text = pointerParams(fn).find(({ pointee }) => pointee === 'c_char');
    return text ? `let _mutant = unsafe { std::ffi::CStr::from_ptr(${text.name}) }.to_str().unwrap();` : null;
  }),
  statements(
    'catch-unwind-rethrown',
    'unwraps what `catch_unwind` gives',
    () => 'std::panic::catch_unwind(|| drop(Vec::<u8>::new())).unwrap();',
    'export',
    'callback',
  ),
  statements('index-in-extern-fn', 'indexes an array with a parameter', (fn) => {
    const [index] = paramsOf(fn, /^(usize|u32|i32|u64|c_int|size_t)$/);
    return index ? `let mutant = [0u16; 4]; let _mutant = mutant[${index.name} as usize];` : null;
  }),
  statements('div-in-extern-fn', 'divides by a parameter', (fn) => {
    const [divisor] = paramsOf(fn, /^(usize|u32|i32|u64|c_int|size_t)$/);
    return divisor ? `let _mutant = 100 / ${divisor.name};` : null;
  }),
  statements(
    'callback-calls-closure',
    'calls a closure that comes in as user data',
    (fn) => {
      const data = pointerParams(fn).find(({ pointee }) => pointee === 'c_void');
      return data ? `let mutant = unsafe { &mut *(${data.name} as *mut Box<dyn FnMut()>) }; mutant();` : null;
    },
    'callback',
  ),
];
