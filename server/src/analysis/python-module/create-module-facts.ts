/** Answers what a crate's Python modules export; the workspace's files are looked through once, at the first question. */
import type { Made } from '../../base/reads.ts';
import { madeOnce } from '../../base/reads.ts';
import { dirname, joinPath } from '../../base/paths.ts';
import { pyo3Items } from '../../model/pyo3/crates.ts';
import type { Attribute, Meta } from '../../model/rust/attribute.ts';
import type { Entry } from '../../model/rust/file-index.ts';
import type { Crate, RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import { COMMA } from '../../syntax/rust/chars.ts';
import { identAt, tokensOf } from '../pyo3-api/tokens.ts';
import type { LostException, ModuleFacts, ModuleStub, ModuleTarget, TopModule } from './module-facts.ts';
import { handedToPython } from './mentions.ts';
import type { StubReader } from './stubs.ts';
import { pythonName, pythonParams, stubOf } from './stubs.ts';

export function createModuleFacts(workspace: Workspace, readStub: StubReader = () => null): ModuleFacts {
  let known: Known | null = null;
  const look = (): Known => {
    known ??= lookThrough(workspace);
    return known;
  };
  const facts: ModuleFacts = {
    stubs(crate) {
      const [module, ...others] = facts.topModules(crate);
      const stub = module && others.length === 0 ? stubOf(crate, module.name, workspace, readStub) : null;
      if (!module || !stub) return [];
      const inner = (look().modules.get(crate) ?? []).filter(({ file, entry }) => file === module.file && isWithin(module.entry, entry));
      const found: ModuleStub[] = [{ module, stub, text: ownText(module, inner) }];
      // Only an `__init__.pyi` has room for others beside it.
      if (!stub.file.endsWith('/__init__.pyi')) return found;
      for (const { file, entry } of inner) {
        if (inner.some((between) => isWithin(between.entry, entry))) continue;
        const name = nameOf(entry);
        const beside =
          readStub(joinPath(dirname(stub.file), `${name}.pyi`)) ?? readStub(joinPath(dirname(stub.file), `${name}/__init__.pyi`));
        const nested: TopModule = { file, entry, name, conditional: false };
        if (beside) found.push({ module: nested, stub: beside, text: ownText(nested, inner) });
      }
      return found;
    },
    signature(entry) {
      const name = pythonName(entry);
      const params = name === null ? null : pythonParams(entry, workspace);
      return name !== null && params ? { name, params } : null;
    },
    topModules(crate) {
      const own = look().modules.get(crate) ?? [];
      return own.flatMap((module): TopModule[] => {
        const { file, entry, item } = module;
        if (file.origin || own.some((outer) => outer.file === file && isWithin(outer.entry, entry))) return [];
        if (metasOf(entry).some(({ name }) => name === 'submodule') || isWrapped(entry.name, workspace)) return [];
        const cfg = item ? item.cfg.kind !== 'true' : entry.attributes.some(({ path }) => path === 'cfg');
        return [{ file, entry, name: nameOf(entry), conditional: cfg || optionsOf(entry).some(({ condition }) => condition !== null) }];
      });
    },
    mayBeRegistered(fn) {
      const { handed, modules } = look();
      const own = modules.get(fn.module.crate) ?? [];
      if (own.length === 0 || handed.has(fn.name)) return true;
      return own.some(({ file, entry }) => entry.kind === 'mod' && file === fn.file && holds(entry, fn.entry));
    },
    mayBeReached(item) {
      const own = look().modules.get(item.module.crate) ?? [];
      if (own.length === 0 || own.some(({ file, entry }) => entry.kind === 'mod' && file === item.file && holds(entry, item.entry)))
        return true;
      const inside = [item, ...workspace.implsOf(item)];
      const name = item.name.replace(/^r#/, '');
      const word = new RegExp(`\\b${name}\\b`, 'g');
      for (const file of workspace.filesNaming(name)) {
        const text = workspace.text(file);
        if (!text.includes(name)) continue;
        const spans = inside.filter((one) => one.file === file).map(({ entry }) => entry.span);
        for (const hit of text.matchAll(word)) {
          const comment = text.slice(text.lastIndexOf('\n', hit.index) + 1, hit.index).includes('//');
          if (!comment && !spans.some((span) => span.start <= hit.index && hit.index < span.end)) return true;
        }
      }
      return false;
    },
    lostExceptions(items) {
      const { handed, modules, exceptions } = look();
      return items.flatMap((item): LostException[] => {
        const exception = exceptions.get(item);
        if (!exception || handed.has(exception.name) || (modules.get(item.module.crate) ?? []).length === 0) return [];
        return isUsed(exception, workspace) ? [exception] : [];
      });
    },
    soleModule(item): ModuleTarget | null {
      const own = look().modules.get(item.module.crate) ?? [];
      const [module] = own;
      if (!module || own.length > 1 || module.file.origin) return null;
      const { file, entry, item: fn } = module;
      if (!fn) return { file, entry, style: 'declarative', item: null, ast: null };
      const ast = workspace.ast(fn);
      return ast?.kind === 'fn' ? { file, entry, style: 'function', item: fn, ast } : null;
    },
  };
  return facts;

  function ownText({ file, entry }: TopModule, inner: readonly Module[]): string {
    const text = workspace.text(file);
    let own = '';
    let from = entry.span.start;
    for (const one of inner) {
      if (one.file !== file || !isWithin(entry, one.entry) || one.entry.span.start < from) continue;
      own += text.slice(from, one.entry.span.start);
      from = one.entry.span.end;
    }
    return own + text.slice(from, entry.span.end);
  }
}

function optionsOf(entry: Entry): readonly Attribute[] {
  return entry.attributes.filter(({ path }) => /(^|::)(pymodule|pyo3)$/.test(path));
}

function metasOf(entry: Entry): readonly Meta[] {
  return optionsOf(entry).flatMap(({ args }) => args ?? []);
}

/** Under which Python imports a module. */
function nameOf(entry: Entry): string {
  return metasOf(entry).find((meta) => meta.name === 'name')?.value ?? entry.name.replace(/^r#/, '');
}

/** Whether an entry stands inside of a declarative module that is another one. */
function isWithin(outer: Entry, inner: Entry): boolean {
  return outer !== inner && outer.kind === 'mod' && holds(outer, inner);
}

/** `item` is null for a `#[pymodule] mod`. */
interface Module {
  readonly file: SourceFile;
  readonly entry: Entry;
  readonly item: RustItem | null;
}

interface Known {
  readonly handed: ReadonlySet<string>;
  readonly modules: ReadonlyMap<Crate, readonly Module[]>;
  readonly exceptions: ReadonlyMap<RustItem, LostException>;
}

function lookThrough(workspace: Workspace): Known {
  const modules = new Map<Crate, Module[]>();
  const exceptions = new Map<RustItem, LostException>();
  const functions = new Set<string>();
  const items = pyo3Items(workspace);
  for (const item of items) {
    const { attributes } = item.entry;
    if (item.kind === 'fn' && pyo3Attribute(attributes, 'pyfunction')) functions.add(item.name);
    if (item.kind === 'fn' && pyo3Attribute(attributes, 'pymodule')) add(item.module.crate, { file: item.file, entry: item.entry, item });
    const exception = exceptionOf(item, workspace);
    if (exception) exceptions.set(item, exception);
  }
  for (const file of workspace.files.values()) {
    for (const entry of file.index.entries) {
      if (entry.kind !== 'mod' || !pyo3Attribute(entry.attributes, 'pymodule')) continue;
      for (const crate of workspace.cratesOf(file.path)) add(crate, { file, entry, item: null });
    }
  }
  const names = { functions, exceptions: new Set([...exceptions.values()].map(({ name }) => name)) };
  return { handed: handedToPython(names, items, workspace), modules, exceptions };

  function add(crate: Crate, module: Module): void {
    const own = modules.get(crate);
    if (own) own.push(module);
    else modules.set(crate, [module]);
  }
}

/** `create_exception!(module, Name, Base)` at the top of a module. */
function exceptionOf(item: RustItem, workspace: Workspace): LostException | null {
  const body = item.entry.bodySpan;
  if (item.kind !== 'macro-call' || body === null || item.file.origin || item.test) return null;
  if (!/^(pyo3::)?create_exception$/.test(item.entry.name)) return null;
  const tokens = tokensOf(workspace.text(item.file), body.start, body.end);
  const comma = tokens.kinds.indexOf(COMMA);
  const name = identAt(tokens, comma + 1);
  if (comma < 0 || name === '') return null;
  return { name, span: { start: tokens.starts[comma + 1] ?? 0, end: tokens.ends[comma + 1] ?? 0 }, item };
}

/** Whether an exception is named again outside of imports: one that nothing raises is dead code, not lost. */
function isUsed({ name, item, span }: LostException, workspace: Workspace): boolean {
  for (const file of workspace.filesNaming(name)) {
    const tokens = tokensOf(workspace.text(file));
    const uses = file.index.entries.filter((entry) => entry.kind === 'use');
    for (let at = 0; at < tokens.kinds.length; at++) {
      const start = tokens.starts[at] ?? 0;
      if (identAt(tokens, at) !== name || (file === item.file && start === span.start)) continue;
      if (!uses.some((use) => use.span.start <= start && start < use.span.end)) return true;
    }
  }
  return false;
}

/** Asked for each module, so that files are searched once for each workspace. */
const wrapped = new WeakMap<Workspace['items'], Made<ReadonlySet<string>>>();

/** `wrap_pymodule!(name)`: it is put into another module. */
function isWrapped(name: string, workspace: Workspace): boolean {
  return madeOnce(wrapped, workspace.items, () => wrappedNames(workspace)).has(name);
}

function wrappedNames(workspace: Workspace): ReadonlySet<string> {
  const calls = /wrap_pymodule!\s*\(\s*(?:\w+\s*::\s*)*(\w+)/g;
  const files = workspace.filesNaming('wrap_pymodule');
  return new Set(files.flatMap((file) => [...workspace.text(file).matchAll(calls)].map(([, name]) => name ?? '')));
}

function holds(outer: Entry, inner: Entry): boolean {
  return outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}
