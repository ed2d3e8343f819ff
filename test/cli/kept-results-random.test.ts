/** Whatever happens to a workspace on disk, a check with kept results says what one without says. */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { createRandom, seedOf } from '../abi/fuzz/random.ts';
import type { Random } from '../abi/fuzz/random.ts';
import { workspaceOfPages } from '../engine/edits/pages.ts';
import { editOnce } from '../engine/edits/random-edits.ts';
import type { Texts } from '../engine/edits/random-edits.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { run } from './support.ts';

const root = path.resolve(import.meta.dirname, '../..');
const STEPS = Number(process.env['FFI_LINT_STEPS'] ?? 16);

const WAYS: readonly (readonly string[])[] = [
  [],
  ['-f', 'json'],
  ['-f', 'sarif'],
  ['-f', 'gitlab', '--max-warnings', '3'],
  ['-f', 'markdown', '--severity', 'warning'],
  ['--exclude', '**/p1_*'],
  ['--only', 'types,pointers', '-f', 'concise'],
  ['-W', 'types', '--statistics'],
  ['-p', 'p0_0'],
  ['p0_0', '--isolated'],
  ['--no-ignore', '--report-unused-suppressions', 'error'],
  ['--target', 'i686-unknown-linux-gnu', '--target', 'x86_64-pc-windows-msvc'],
];

/** File systems count time in steps of some milliseconds; in a test, files are not left alone for as long as in life. */
const TICK_MS = 25;

afterEach(() => {
  vi.useRealTimers();
});

test('random changes of a workspace on disk', { timeout: 600_000 }, async () => {
  const seed = seedOf();
  const random = createRandom(seed);
  const folder = tempFolder();
  const original = new Map([...workspaceOfPages(root, 4, random)].map(([file, text]) => [file.replace('/w', folder), text]));
  const texts: Texts = new Map(original);
  for (const [file, text] of texts) put(file, text);
  const program = path.join(tempFolder({ program: '' }), 'program');
  const env = { XDG_CACHE_HOME: tempFolder(), CI: 'true' };
  const counts = { again: 0, anew: 0 };
  for (let step = 0; step < STEPS; step++) {
    const changes = Array.from({ length: random.below(3) }, () => change(folder, texts, original, random));
    for (let i = 0; i < 3; i++) {
      const argv = ['check', '-v', ...random.pick(random.oneIn(2) ? WAYS.slice(0, 5) : WAYS)];
      const settled = random.oneIn(2);
      if (settled) vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
      const kept = said(await run(folder, argv, { env, program }));
      vi.useRealTimers();
      if (settled) await new Promise((resolve) => setTimeout(resolve, TICK_MS));
      const anew = said(await run(folder, [...argv, '--no-cache'], { env, program }));
      counts[kept.again ? 'again' : 'anew']++;
      const where = `FFI_LINT_SEED=${seed} repeats it: step ${step}, ${argv.join(' ')}, after ${changes.join(', ') || 'nothing'}`;
      expect({ ...kept, again: false }, where).toEqual(anew);
    }
  }
  expect(counts.again, `seed ${seed}`).toBeGreaterThan(0);
  expect(counts.anew, `seed ${seed}`).toBeGreaterThan(0);
});

function said({ code, out, err }: Awaited<ReturnType<typeof run>>) {
  const line = /^nothing has changed since an earlier check, .*\n/m;
  return { code, out: out.replace(/"milliseconds": ?[\d.]+/g, ''), err: err.replace(line, ''), again: line.test(err) };
}

function put(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Changes the disk, and says how. `texts` are what sources are known to hold, links and renamed files aside. */
function change(folder: string, texts: Texts, original: ReadonlyMap<string, string>, random: Random): string {
  const files = [...texts.keys()];
  const file = random.pick(files);
  const other = random.pick(files);
  const beside = (name: string): string => path.join(path.dirname(file), name);
  const all: Readonly<Record<string, () => void>> = {
    edit() {
      const { paths } = editOnce(texts, original, random);
      for (const one of paths) {
        const text = texts.get(one);
        rmSync(one, { force: true, recursive: true });
        if (text !== undefined) put(one, text);
      }
    },
    'edit with size and time kept'() {
      const { atime, mtime } = statSync(file);
      const text = readFileSync(file, 'utf8');
      const digits = [...text.matchAll(/\d|\bu8\b|\bi8\b/g)];
      if (digits.length === 0) return;
      const { index, 0: was } = random.pick(digits);
      const now = was === 'u8' ? 'i8' : was === 'i8' ? 'u8' : String((Number(was) + 1) % 10);
      writeFileSync(file, text.slice(0, index) + now + text.slice(index + was.length));
      utimesSync(file, atime, mtime);
    },
    'give back': () => put(file, original.get(file) ?? ''),
    touch: () => utimesSync(file, new Date(), new Date()),
    'date back': () => utimesSync(file, 1000, 1000),
    'write anew'() {
      const text = readFileSync(file);
      rmSync(file);
      writeFileSync(file, text);
    },
    'swap two'() {
      renameSync(file, `${file}.swap`);
      if (other !== file) renameSync(other, file);
      renameSync(`${file}.swap`, other);
    },
    delete: () => rmSync(file),
    'put a link in place'() {
      rmSync(file);
      symlinkSync(other, file);
    },
    'put a second name in place'() {
      if (other === file) return;
      rmSync(file);
      linkSync(other, file);
    },
    'add a text that is no source': () => put(beside(`notes-${random.below(100)}.txt`), 'notes'),
    'add a source': () =>
      put(beside(`new_${random.below(3)}.rs`), '#[no_mangle]\npub extern "C" fn made(p: *const u8) -> u8 {\n    unsafe { *p }\n}\n'),
    'add a header': () => put(beside(`new_${random.below(3)}.h`), 'int made_import(const char *text, unsigned n);\n'),
    'add a script': () =>
      put(beside(`use_${random.below(3)}.py`), 'import ctypes\nlib = ctypes.CDLL("x")\nlib.made.restype = ctypes.c_int\n'),
    'hide sources': () => put(beside('.ignore'), random.pick(['new_*.rs\n', '*.h\n', 'src\n', ''])),
    configure: () =>
      put(
        path.join(random.pick([folder, path.dirname(file)]), 'ffi-lint.toml'),
        `profile = "${random.pick(['strict', 'all', 'recommended'])}"\n`,
      ),
    'configure no more'() {
      rmSync(path.join(folder, 'ffi-lint.toml'), { force: true });
      rmSync(beside('ffi-lint.toml'), { force: true });
    },
    'mark a folder as made': () => put(beside('CACHEDIR.TAG'), ''),
    'mark it no more': () => rmSync(beside('CACHEDIR.TAG'), { force: true }),
    'start a repository': () => mkdirSync(path.join(folder, '.git'), { recursive: true }),
    'keep a baseline': () => put(path.join(folder, 'ffi-lint-baseline.json'), '{ "version": 1, "findings": [] }\n'),
    'keep no baseline': () => rmSync(path.join(folder, 'ffi-lint-baseline.json'), { force: true }),
  };
  const name = random.oneIn(3) ? 'edit' : random.pick(Object.keys(all));
  try {
    all[name]?.();
  } catch {
    // An earlier change took the file away, or put a folder there: nothing happens this time.
    return `${name} (not possible)`;
  }
  return `${name} ${file.slice(folder.length + 1)}`;
}
