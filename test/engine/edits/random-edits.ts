/** Random changes to the files of a workspace, of the kind that people and tools make: small, large, right and wrong. */
import type { Random } from '../../abi/fuzz/random.ts';

/** Texts by absolute path. */
export type Texts = Map<string, string>;

export interface Edit {
  /** Files whose text is another now, gone or new. */
  readonly paths: readonly string[];
  /** Whether files came or went. */
  readonly moved: boolean;
  readonly what: string;
}

type Change = (text: string, random: Random) => string;

const RUST_WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/\b(?:u8|i8|u16|i16|u32|i32|u64|i64|usize|isize|f32|f64|bool|char)\b/g, ['u8', 'i32', 'u64', 'usize', 'f64', 'bool', 'char']],
  [/\b(?:c_int|c_uint|c_long|c_char|c_void|size_t)\b/g, ['c_int', 'c_long', 'c_char', 'c_void', 'u16']],
  [/\*const\b|\*mut\b|&mut\b/g, ['*const', '*mut', '&mut', '&']],
  [/extern "C(?:-unwind)?"/g, ['extern "C"', 'extern "C-unwind"', 'extern "system"', '']],
  [
    /#\[(?:no_mangle|unsafe\(no_mangle\)|repr\([^)]*\)|pyclass|pyfunction|pymethods)\]/g,
    ['', '#[no_mangle]', '#[repr(C)]', '#[cfg(test)]'],
  ],
  [/\bunwrap\(\)|\bexpect\("[^"]*"\)|\?;/g, ['unwrap()', 'unwrap_or_default()', '?;']],
  [/\bpub\b|\bunsafe\b|\bmod\b|\bstatic\b|\bstruct\b|\bunion\b/g, ['', 'pub', 'unsafe', 'struct', 'enum']],
  [/\bis_null\(\)|\bfrom_raw\b|\binto_raw\b|\bas_ptr\b/g, ['is_null()', 'from_raw', 'into_raw', 'as_ptr']],
];

const C_WORDS: typeof RUST_WORDS = [
  [/\b(?:int|unsigned|long|char|short|float|double|u?int\d+_t|size_t|void)\b/g, ['int', 'long', 'char', 'uint32_t', 'uint64_t', 'double']],
  [/\bconst\b|\bstruct\b|\*/g, ['', 'const ', '*', 'union']],
  [/^#\w+.*$/gm, ['', '#if 0', '#endif', '#define MADE 1']],
];

const RUST_ITEMS = [
  'pub fn made() -> u32 {\n    1\n}\n',
  '#[no_mangle]\npub extern "C" fn made_export(p: *const u8) -> u8 {\n    unsafe { *p }\n}\n',
  '#[repr(C)]\npub struct Made {\n    pub a: u8,\n    pub b: *mut Made,\n}\n',
  'extern "C" {\n    fn made_import(text: *const std::ffi::c_char, n: usize) -> i32;\n}\n',
  'macro_rules! made {\n    ($n:ident) => {\n        #[no_mangle]\n        pub extern "C" fn $n(s: String) {}\n    };\n}\nmade!(from_macro);\n',
  'use std::ffi::*;\n',
  'pub mod inner {\n    pub use super::*;\n    pub type Alias = u64;\n}\n',
  'impl Made {\n    pub fn helper(&self) -> *const u8 {\n        self.b.cast()\n    }\n}\n',
];

const replaceOne =
  (words: typeof RUST_WORDS): Change =>
  (text, random) => {
    const [pattern, others] = random.pick(words);
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { index, 0: old } = random.pick(found);
    return text.slice(0, index) + random.pick(others) + text.slice(index + old.length);
  };

const lines = (change: (all: string[], random: Random) => void): Change => {
  return (text, random) => {
    const all = text.split('\n');
    change(all, random);
    return all.join('\n');
  };
};

const typeLetter: Change = (text, random) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(['x', ' ', '{', '}', '"', ';', '\n', '/', '*', '(', '#']) + text.slice(at);
};
const letterInWord: Change = (text, random) => {
  const found = [...text.matchAll(/\b[a-z_]{3,}\b/g)];
  if (found.length === 0) return text;
  const at = random.pick(found).index + 1;
  return `${text.slice(0, at)}z${text.slice(at)}`;
};
const deleteSome: Change = (text, random) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + text.slice(at + 1 + random.below(12));
};
const deleteLine = lines((all, random) => void all.splice(random.below(all.length), 1 + random.below(3)));
const doubleLine = lines((all, random) => {
  const at = random.below(all.length);
  all.splice(at, 0, ...all.slice(at, at + 1 + random.below(8)));
});
const moveLine = lines((all, random) => {
  const [line = ''] = all.splice(random.below(all.length), 1);
  all.splice(random.below(all.length + 1), 0, line);
});
const comment = lines((all, random) => {
  const at = random.below(all.length);
  all[at] = random.pick(['// ', '', '\n']) + (all[at] ?? '');
});
const addItem: Change = (text, random) => {
  const item = random.pick(RUST_ITEMS);
  const ends = [...text.matchAll(/^\}\n/gm)].map(({ index }) => index + 2);
  const at = random.oneIn(2) || ends.length === 0 ? text.length : random.pick(ends);
  return `${text.slice(0, at)}\n${item}${text.slice(at)}`;
};

const ANY: readonly Change[] = [typeLetter, letterInWord, letterInWord, deleteSome, deleteLine, doubleLine, moveLine, comment];

function changesFor(path: string): readonly Change[] {
  if (path.endsWith('.rs')) return [...ANY, replaceOne(RUST_WORDS), replaceOne(RUST_WORDS), replaceOne(RUST_WORDS), addItem, addItem];
  if (/\.(?:h|hpp|c)$/.test(path)) return [...ANY, replaceOne(C_WORDS), replaceOne(C_WORDS), replaceOne(C_WORDS)];
  return ANY;
}

/** Makes one edit; `original` is what every text was at first: going back to it is an edit too. */
export function editOnce(texts: Texts, original: ReadonlyMap<string, string>, random: Random): Edit {
  const paths = [...texts.keys()];
  const rust = paths.filter((path) => path.endsWith('.rs'));
  if (rust.length > 0 && random.oneIn(25)) {
    const path = random.pick(rust);
    const text = texts.get(path) ?? '';
    texts.delete(path);
    if (random.oneIn(2)) return { paths: [path], moved: true, what: `delete ${path}` };
    const to = path.replace(/[^/]*$/, `moved_${random.below(3)}.rs`);
    texts.set(to, text);
    return { paths: [path, to], moved: true, what: `rename ${path} to ${to}` };
  }
  const gone = [...original.keys()].filter((path) => !texts.has(path));
  if (gone.length > 0 && random.oneIn(8)) {
    const path = random.pick(gone);
    texts.set(path, original.get(path) ?? '');
    return { paths: [path], moved: true, what: `bring ${path} back` };
  }
  const changed = paths.filter((path) => original.has(path) && texts.get(path) !== original.get(path));
  if (changed.length > 0 && random.oneIn(4)) {
    const path = random.pick(changed);
    texts.set(path, original.get(path) ?? '');
    return { paths: [path], moved: false, what: `undo ${path}` };
  }
  const others = paths.filter((path) => !path.endsWith('.rs') && !path.endsWith('.lock'));
  const path = others.length > 0 && (rust.length === 0 || random.oneIn(4)) ? random.pick(others) : random.pick(rust);
  const before = texts.get(path) ?? '';
  let after = before;
  for (let tries = 0; after === before && tries < 8; tries++) after = random.pick(changesFor(path))(before, random);
  texts.set(path, after);
  return { paths: [path], moved: false, what: `edit ${path}` };
}
