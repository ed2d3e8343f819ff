/** What is known of fns that hold the Python interpreter: types of locals, work, tokens, versions and edits. */
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../server/src/base/edit.ts';
import { createGilFacts } from '../../server/src/analysis/gil/create-gil-facts.ts';
import type { GilFacts } from '../../server/src/analysis/gil/gil-facts.ts';
import { createTypeOf } from '../../server/src/analysis/types/local-types.ts';
import { findExpr, variable } from '../../server/src/analysis/walk.ts';
import type { Type } from '../../server/src/model/rust/ast-type.ts';
import type { PyEntry } from '../../server/src/model/surface/surface.ts';
import type { Workspace } from '../../server/src/model/workspace.ts';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import { boundaryOf } from './boundary.ts';

interface Known {
  readonly workspace: Workspace;
  readonly gil: GilFacts;
  readonly text: string;
  entry(name: string): PyEntry;
}

async function know(rust: string, pyo3 = '0.27', more = ''): Promise<Known> {
  const text = `use pyo3::prelude::*;\n${rust}`;
  const manifest = `[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = "${pyo3}"\n${more}`;
  const { workspace } = await boundaryOf(text, manifest);
  const surface = buildSurface(workspace);
  return {
    workspace,
    gil: createGilFacts(workspace),
    text,
    entry(name) {
      const found = surface.pyEntries.find((e) => e.item.name === name);
      if (!found) throw new Error(`${name} is no entry point`);
      return found;
    },
  };
}

/** The type of the last mention of a variable, written. */
function typeOf({ workspace, entry }: Known, fn: string, name: string): string | null {
  const { item, ast } = entry(fn);
  const mention = ast.body && findExpr({ ...ast.body, statements: [] }, (e) => variable(e) === name);
  const found = mention ? createTypeOf(workspace)(mention, item) : null;
  return found ? show(found.type) : null;
}

function show(type: Type): string {
  switch (type.kind) {
    case 'path': {
      const last = type.path.segments.at(-1);
      const args = (last?.args ?? []).map((a) => (a.kind === 'type' ? show(a.type) : '?'));
      return type.path.segments.map((s) => s.name).join('::') + (args.length > 0 ? `<${args.join(', ')}>` : '');
    }
    case 'reference':
      return `&${show(type.referent)}`;
    case 'slice':
      return `[${show(type.element)}]`;
    case 'tuple':
      return `(${type.elements.map(show).join(', ')})`;
    default:
      return '_';
  }
}

const fn = (body: string, params = "py: Python<'_>, text: String, data: Vec<f64>"): string => `#[pyfunction]\nfn f(${params}) { ${body} }`;

describe('types of locals', () => {
  const cases: readonly [what: string, body: string, type: string | null][] = [
    ['a parameter', 'data', 'std::vec::Vec<f64>'],
    ['a constructor behind `?`', 'let file = std::fs::File::open(&text)?; file', 'std::fs::File'],
    ['a wrapper', 'let r = std::io::BufReader::new(std::fs::File::open(&text).unwrap()); r', 'std::io::BufReader<std::fs::File>'],
    ['a shadowed name', 'let data = data.len(); data', 'usize'],
    ['a block does not leak', '{ let data = 1u8; drop(data); } data', 'std::vec::Vec<f64>'],
    ['a cast', 'let n = data.len() as i64; n', 'i64'],
    ['floats through maths', 'let n = data[0].sqrt() * 2.0; n', 'f64'],
    ['a turbofish', 'let n = text.parse::<u16>().unwrap(); n', 'u16'],
    ['a field of a struct', 'let n = Pair { left: 1, right: data }.right; n', 'std::vec::Vec<f64>'],
    ['the result of a fn', 'let n = made(); n', 'std::option::Option<crate::Pair>'],
    ['a method of the workspace', 'let n = made().unwrap().first(); n', 'u8'],
    ['a match on an option', 'let n = match made() { Some(pair) => pair.left, None => 0 }; n', 'u8'],
    ['an unknown function', 'let n = mystery(&data); n', null],
    ['an extracted value', 'let n = py.import("sys").unwrap().getattr("x").unwrap().extract::<i32>().unwrap(); n', 'i32'],
  ];
  const shared =
    'struct Pair { left: u8, right: Vec<f64> }\nimpl Pair { fn first(&self) -> u8 { self.left } }\nfn made() -> Option<Pair> { None }\n';
  for (const [what, body, type] of cases) {
    test(what, async () => {
      const name = /(\w+)$/.exec(body)?.[1] ?? '';
      expect(typeOf(await know(shared + fn(body)), 'f', name)).toBe(type);
    });
  }
});

describe('names by version', () => {
  const cases: readonly [requirement: string, release: string | null][] = [
    ['0.20', 'allow_threads'],
    ['0.25', 'allow_threads'],
    ['0.26', 'detach'],
    ['0.27', 'detach'],
    ['0.29', 'detach'],
    ['>=0.20, <0.30', null],
    ['>=0.26', 'detach'],
    ['*', null],
  ];
  for (const [requirement, release] of cases) {
    test(`pyo3 = "${requirement}"`, async () => {
      const { gil, workspace } = await know('', requirement);
      const crate = workspace.crates[0];
      expect(crate && gil.releaseName(crate)).toBe(release);
      expect(crate && gil.attachName(crate)).toBe(release === null ? null : release === 'detach' ? 'attach' : 'with_gil');
    });
  }
});

const seeds = ({ gil, entry }: Known, name = 'f'): readonly string[] =>
  gil.seeds(entry(name)).map((s) => `${s.class} ${s.what}${s.chain.length > 0 ? ` +${s.chain.length}` : ''}`);

describe('work while attached', () => {
  test('through three fns, with the way to it', async () => {
    const known = await know(
      `fn a(p: &str) -> bool { b(p) }\nfn b(p: &str) -> bool { c(p) }\nfn c(p: &str) -> bool { std::fs::metadata(p).is_ok() }\n${fn('a(&text);')}`,
    );
    expect(seeds(known)).toEqual(['blocking std::fs::metadata +3']);
  });
  test('fns that call each other in a circle', async () => {
    expect(seeds(await know(`fn a(n: u8) { b(n) }\nfn b(n: u8) { std::thread::yield_now(); a(n) }\n${fn('a(1);')}`))).toEqual([]);
  });
  test('an alias and a renamed import', async () => {
    expect(seeds(await know(`use std::fs as disk;\nuse std::thread::sleep as nap;\n${fn('disk::read(&text); nap(d());')}`))).toEqual([
      'blocking std::fs::read',
      'blocking std::thread::sleep',
    ]);
  });
  test('an own module called fs', async () => {
    expect(seeds(await know(`mod fs { pub fn read(_: &str) {} }\n${fn('fs::read(&text);')}`))).toEqual([]);
  });
  test('a closure that is called here', async () => {
    expect(seeds(await know(fn('let read = || std::fs::read(&text); read();')))).toEqual(['blocking std::fs::read']);
  });
  test('a closure that a workspace fn runs, releases, or starts elsewhere', async () => {
    const helpers =
      "fn run(w: impl Fn()) { w() }\nfn free(py: Python, w: impl Fn() + Send) { py.detach(|| w()) }\nfn start(w: impl Fn() + Send + 'static) { std::thread::spawn(w); }\n";
    for (const [call, found] of [
      ['run(|| nap())', 1],
      ['free(py, || nap())', 0],
      ['start(|| nap())', 0],
    ] as const) {
      expect(seeds(await know(`use std::thread;\nfn nap() { thread::sleep(d()) }\n${helpers}${fn(`${call};`)}`)), call).toHaveLength(found);
    }
  });
  test('a runtime is blocked on', async () => {
    const blocked = (future: string) =>
      know(fn(`let rt = tokio::runtime::Runtime::new().unwrap(); rt.block_on(async { ${future} });`), '0.27', 'tokio = "1"\n');
    expect(seeds(await blocked('answer().await'))).toEqual(['blocking Runtime::block_on']);
    // It is done at once.
    expect(seeds(await blocked('1'))).toEqual([]);
  });
  test('a numpy array is read once and computed with', async () => {
    const known = await know(
      fn('let xs = array.as_slice()?; let s: f64 = xs.iter().map(|x: &f64| x * x).sum();', 'array: numpy::PyReadonlyArray1<f64>'),
      '0.27',
      'numpy = "0.27"\n',
    );
    expect(seeds(known)).toEqual(['compute a loop over `xs`']);
  });
});

describe('tokens', () => {
  for (const [params, token] of [
    ['py: Python', 'py'],
    ["n: u8, token: Python<'_>", 'token'],
    ["list: &Bound<'_, pyo3::types::PyList>", 'list.py()'],
    ['n: u8, object: Py<PyAny>', null],
    ["data: Vec<Bound<'_, PyAny>>", null],
  ] as const) {
    test(params, async () => {
      const { gil, entry } = await know(fn('', params));
      expect(gil.token(entry('f'))).toBe(token);
    });
  }
});

async function released(rust: string): Promise<{ readonly safe: boolean | undefined; readonly text: string }> {
  const { gil, text, entry } = await know(rust);
  const seed = gil.seeds(entry('f'))[0];
  const plan = seed && gil.releaseEdits(entry('f'), seed)[0];
  return {
    safe: plan?.safe,
    text: plan
      ? (
          applyEdits(text, plan.edits)
            .split('\n')
            .find((line) => line.includes('detach')) ?? ''
        ).trim()
      : '',
  };
}

describe('edits', () => {
  test('errors stay outside of the closure', async () => {
    expect((await released(fn('let t = std::fs::read(&text).map_err(Wrong)?;'))).text).toContain(
      'py.detach(|| std::fs::read(&text)).map_err(Wrong)?',
    );
  });
  test('unknown captures are not safe, what cannot cross threads is not captured', async () => {
    expect((await released(fn('let m = mystery(); std::fs::write(&text, m);'))).safe).toBe(false);
    expect((await released(fn('let m = std::rc::Rc::new(text); std::fs::read(&*m); py.version();'))).safe).toBeUndefined();
  });
  test('a guard is alive', async () => {
    expect(
      (
        await released(
          `static M: std::sync::Mutex<u8> = std::sync::Mutex::new(0);\n${fn('let guard = M.lock().unwrap(); std::thread::sleep(D);')}`,
        )
      ).safe,
    ).not.toBe(true);
  });
  test('a `?` would leave the closure', async () => {
    expect((await released(fn('std::fs::read(name(&text)?); py.version();'))).safe).toBeUndefined();
  });
});
