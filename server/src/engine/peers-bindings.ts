/** Reads the JavaScript and C# files that call foreign functions, and joins them to the picture of the other sides. */
import { bindingDefinition, bindingPeerFile, bindingSignatures } from '../abi/bindings/peer-file.ts';
import { bindingTypes } from '../abi/bindings/shapes.ts';
import type { BindingTypes } from '../abi/bindings/shapes.ts';
import { createBindingSide } from '../abi/bindings/side.ts';
import type { BindingSide } from '../abi/bindings/side.ts';
import { generatedBy } from '../abi/peers/header-glance.ts';
import type { LinkedType, PeerFile } from '../abi/peers/peers.ts';
import { linkTypes } from '../abi/peers/type-links.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import type { Config } from '../config/config.ts';
import { globMatcher } from '../config/globs.ts';
import type { BindModule, BindType } from '../model/bindings/bindings.ts';
import type { Package } from '../model/cargo/package.ts';
import { mayCross, mayImport, readCsModule } from '../model/extract/csharp/read-module.ts';
import { mayCallForeign, readJsModule } from '../model/extract/javascript/read-module.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Workspace } from '../model/workspace.ts';
import type { LateLanguage, Parsers } from '../syntax/parsers.types.ts';
import type { EnginePeers } from './peers.ts';

/** UTF-16 units: longer JavaScript is bundled, longer C# is a table of something. */
const LONGEST: Readonly<Record<LateLanguage, number>> = { typescript: 1 << 20, csharp: 4 << 20 };

interface BindingInput {
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  configFor(path: string): Config;
}

interface BindingSources {
  open(javascript: readonly string[], csharp: readonly string[]): void;
  changed(paths: readonly string[]): void;
  /** Loads the grammars of the languages in which something foreign is called. Without it, no file is read. */
  prepare(surface: Surface): Promise<void>;
  /** For one picture of the Rust side. */
  join(peers: EnginePeers, workspace: Workspace, surface: Surface, packages: readonly Package[]): Joined;
}

export interface Joined {
  readonly peers: EnginePeers;
  readonly bindings: BindingFiles;
}

/** What the engine needs beside what rules see. */
export interface BindingFiles extends BindingSide {
  /** Files that declare foreign functions, or hand delegates to those of other files, sorted. */
  files(): readonly { readonly path: string; readonly language: 'javascript' | 'csharp' }[];
}

interface Read {
  readonly modules: ReadonlyMap<string, BindModule>;
  /** C# files that declare or name a class with foreign functions. */
  readonly callers: ReadonlyMap<string, BindModule>;
  readonly types: BindingTypes;
}

const NOTHING: Read = { modules: new Map(), callers: new Map(), types: bindingTypes([]) };

export function createBindingSources({ fs, parsers, configFor }: BindingInput): BindingSources {
  let lists: Readonly<Record<LateLanguage, readonly string[]>> = { typescript: [], csharp: [] };
  const ready = new Set<LateLanguage>();
  /** What the text of a file says at a glance. */
  const glances = new Map<string, Glance>();
  const parsed = new Map<string, BindModule | null>();
  let read: Read | null = null;
  /** Goes up with each change of what can be read. */
  let version = 0;

  function glance(path: string, language: LateLanguage): Glance {
    const known = glances.get(path);
    if (known) return known;
    const text = fs.read(path);
    const made = isFailure(text) || text.length > LONGEST[language] || isMinified(path) ? NO_GLANCE : look(text, language);
    glances.set(path, made);
    return made;
  }

  function parse(path: string, language: LateLanguage, blittable: boolean): BindModule | null {
    const known = parsed.get(path);
    if (known !== undefined) return known;
    const text = fs.read(path);
    const source = isFailure(text) ? '' : text;
    const made = language === 'typescript' ? readJsModule(path, source, parsers) : readCsModule(path, source, parsers, blittable);
    parsed.set(path, made);
    return made;
  }

  function readAll(): Read {
    if (read) return read;
    if (ready.size === 0) return NOTHING;
    const modules = new Map<string, BindModule>();
    const add = (path: string, module: BindModule | null): void => {
      if (module) modules.set(path, module);
    };
    if (ready.has('typescript')) {
      for (const path of lists.typescript) if (glance(path, 'typescript').imports) add(path, parse(path, 'typescript', false));
    }
    if (ready.has('csharp')) {
      const all = lists.csharp.map((path) => ({ path, ...glance(path, 'csharp') }));
      const blittable = all.some((one) => one.blittable);
      for (const { path, imports, lays } of all) if (imports || lays) add(path, parse(path, 'csharp', blittable));
      // Types of other files that signatures and structs name: an enum says nothing of foreign code.
      for (let round = 0; round < 3; round++) {
        const missing = missingNames([...modules.values()]);
        const more = all.filter(({ path, declares }) => !modules.has(path) && declares.some((name) => missing.has(name)));
        if (more.length === 0) break;
        for (const { path } of more) add(path, parse(path, 'csharp', blittable));
      }
    }
    read = { modules, callers: ready.has('csharp') ? callersOf(modules) : new Map(), types: bindingTypes([...modules.values()]) };
    return read;
  }

  /** Files in which a class of the imports is named, or declared once more: what they call is worked out from both. */
  function callersOf(modules: ReadonlyMap<string, BindModule>): ReadonlyMap<string, BindModule> {
    const owners = [...modules.values()].flatMap(({ functions }) => functions.flatMap(({ owner }) => owner?.split('.').at(-1) ?? []));
    if (owners.length === 0) return new Map();
    const names = [...new Set(owners)];
    const named = new RegExp(`\\b(?:${names.join('|')})\\s*(?:\\.\\s*\\w+\\s*\\(|;)`);
    const out = new Map<string, BindModule>();
    for (const path of lists.csharp) {
      const text = modules.has(path) ? '' : fs.read(path);
      const isCaller = !isFailure(text) && text.length <= LONGEST.csharp && named.test(text);
      const wanted = isCaller || glance(path, 'csharp').declares.some((name) => names.includes(name));
      const module = modules.get(path) ?? (wanted ? parse(path, 'csharp', false) : null);
      if (module) out.set(path, module);
    }
    return out;
  }

  function headOf(path: string): string {
    const text = fs.read(path);
    return isFailure(text) ? '' : text.slice(0, 2000);
  }

  return {
    open(javascript, csharp) {
      lists = { typescript: javascript, csharp };
      read = null;
      version++;
    },
    changed(paths) {
      for (const path of paths) {
        glances.delete(path);
        parsed.delete(path);
      }
      if (!paths.some((path) => /\.(?:[cm]?[jt]s|cs)$/.test(path))) return;
      // Whether anything is converted is said once for all files.
      if (paths.some((path) => path.endsWith('.cs'))) for (const path of lists.csharp) parsed.delete(path);
      read = null;
      version++;
    },
    async prepare({ functions }) {
      if (lists.typescript.length + lists.csharp.length === 0) return;
      if (!functions.some(({ role, item }) => role === 'export' && item.module.crate.target.kind === 'lib')) return;
      for (const language of ['typescript', 'csharp'] as const) {
        if (ready.has(language) || !lists[language].some((path) => glance(path, language).imports)) continue;
        if (!(await parsers.prepare(language))) continue;
        ready.add(language);
        read = null;
        version++;
      }
    },
    join(inner, workspace, surface, packages) {
      let made: Made | null = null;
      const get = (): Made => {
        if (made?.version !== version) made = make();
        return made;
      };
      const files = new Map<string, PeerFile>();
      function peerFile(path: string): PeerFile | null {
        const { modules, callers, types } = readAll();
        const module = modules.get(path) ?? callers.get(path);
        if (!module) return null;
        const known = files.get(path) ?? bindingPeerFile(module, types, inner.targets, generatedBy(headOf(path)));
        files.set(path, known);
        return known;
      }
      function make(): Made {
        files.clear();
        const side = createBindingSide({
          files: () =>
            [...readAll().modules].flatMap(([path, module]) => {
              const peer = peerFile(path);
              return peer && module.functions.length > 0 ? [{ peer, module }] : [];
            }),
          paths: () => [...readAll().modules.keys()],
          callers: () => readAll().callers,
          surface,
          packages,
          configured: (path, rust) =>
            configFor(path).project.links.some((link) => {
              const globs = path.endsWith('.cs') ? link.csharp : link.javascript;
              return globMatcher(link.folder, globs)(path) && globMatcher(link.folder, link.rust)(rust);
            }),
        });
        return { version, side, types: null };
      }
      function types(): readonly LinkedType[] {
        const now = get();
        now.types ??= linkedTypes(now.side);
        return now.types;
      }
      function linkedTypes(side: BindingSide): readonly LinkedType[] {
        const linked = surface.functions.flatMap((fn) => side.usesOf(fn));
        if (linked.length === 0) return [];
        const crates = new Map<string, Set<string>>();
        for (const { rust, peer } of linked) {
          const root = rust.item.module.crate.root.file.path;
          crates.set(root, (crates.get(root) ?? new Set()).add(peer.file));
        }
        return linkTypes({
          workspace,
          targets: inner.targets,
          rustSignature: inner.rustSignature,
          rustDef: inner.rustDef,
          linked,
          peerType(_file, key) {
            const [file = '', name = ''] = key.split('\n');
            return peerFile(file)?.types.find((one) => one.name === name) ?? null;
          },
          filesOf: (crate) => [...(crates.get(crate) ?? [])].sort().flatMap((path) => peerFile(path) ?? []),
        });
      }
      const isOurs = (path: string): boolean => /\.(?:[cm]?[jt]s|cs)$/.test(path);
      const moduleOf = (path: string): BindModule | undefined => (isOurs(path) ? readAll().modules.get(path) : undefined);
      const {
        rustSignature,
        rustDef,
        linkedTo,
        variantsOf,
        typeVariantsOf,
        mentionedIn,
        around,
        headers,
        pythonFiles,
        module: pythonModule,
      } = inner;
      const joined: EnginePeers = {
        targets: inner.targets,
        elsewhere: inner.elsewhere,
        ...{ rustSignature, rustDef, linkedTo, variantsOf, typeVariantsOf, mentionedIn, around, headers, pythonFiles },
        module: pythonModule,
        cName: (item) => inner.cName?.(item) ?? null,
        renames: (item) => inner.renames?.(item) ?? null,
        inFile: (path) => (isOurs(path) ? peerFile(path) : inner.inFile(path)),
        linkedFrom: (peer) =>
          isOurs(peer.file)
            ? get()
                .side.functionsIn(peer.file)
                .filter((one) => one.peer === peer)
            : inner.linkedFrom(peer),
        declaredOn(peer, target) {
          const module = moduleOf(peer.file);
          return module ? bindingSignatures(module, readAll().types, peer, target) : inner.declaredOn(peer, target);
        },
        definedOn(peer, target) {
          const module = moduleOf(peer.file);
          return module ? (bindingDefinition(module, readAll().types, peer.name, target) ?? null) : inner.definedOn(peer, target);
        },
        // What the inner ones make when asked for stays unmade until then.
        get types() {
          return withOwn(inner.types, types());
        },
        get unlinked() {
          return inner.unlinked;
        },
      };
      return {
        peers: joined,
        bindings: {
          functionsIn: (path) => get().side.functionsIn(path),
          unknownIn: (path) => get().side.unknownIn(path),
          usesOf: (fn) => get().side.usesOf(fn),
          callbacksIn: (path) => get().side.callbacksIn(path),
          beside: (path) => get().side.beside(path),
          typeOf: (file, name) => get().side.typeOf(file, name),
          files: () =>
            [...new Set([...readAll().modules.values(), ...readAll().callers.values()])]
              .filter(
                ({ file, functions, callbacks }) =>
                  functions.length > 0 || (callbacks.length > 0 && get().side.callbacksIn(file).length > 0),
              )
              .map(({ file }) => ({ path: file, language: file.endsWith('.cs') ? ('csharp' as const) : ('javascript' as const) }))
              .sort((a, b) => (a.path < b.path ? -1 : 1)),
        },
      };
    },
  };
}

interface Made {
  readonly version: number;
  readonly side: BindingSide;
  types: readonly LinkedType[] | null;
}

/** One list for the same two, so that what is kept by it stays. */
const together = new WeakMap<readonly LinkedType[], { readonly own: readonly LinkedType[]; readonly all: readonly LinkedType[] }>();

function withOwn(types: readonly LinkedType[], own: readonly LinkedType[]): readonly LinkedType[] {
  if (own.length === 0) return types;
  const known = together.get(types);
  if (known?.own === own) return known.all;
  const all = [...types, ...own];
  together.set(types, { own, all });
  return all;
}

interface Glance {
  /** It declares foreign functions. */
  readonly imports: boolean;
  /** C#: it lays out types. */
  readonly lays: boolean;
  /** C#: its assembly converts nothing. */
  readonly blittable: boolean;
  /** C#: names of the types that it declares. */
  readonly declares: readonly string[];
}

const NO_GLANCE: Glance = { imports: false, lays: false, blittable: false, declares: [] };

function look(text: string, language: LateLanguage): Glance {
  if (language === 'typescript') return mayCallForeign(text) ? { ...NO_GLANCE, imports: true } : NO_GLANCE;
  const declares = [...text.matchAll(/\b(?:struct|enum|class|delegate\s+[\w.<>*[\]?]+)\s+(\w+)/g)].map(([, name = '']) => name);
  return { imports: mayImport(text), lays: mayCross(text), blittable: /\bDisableRuntimeMarshalling\b/.test(text), declares };
}

function isMinified(path: string): boolean {
  return /\.(?:min|bundle)\.[cm]?js$|\.d\.[cm]?ts$/.test(path);
}

/** Names that signatures and fields mention and no module defines. */
function missingNames(modules: readonly BindModule[]): ReadonlySet<string> {
  const defined = new Set(modules.flatMap(({ types }) => types.map(({ name }) => name)));
  const out = new Set<string>();
  const visit = (type: BindType): void => {
    if (type.kind === 'name' && !defined.has(type.name)) out.add(type.name);
    else if (type.kind === 'pointer' && type.to) visit(type.to);
    else if (type.kind === 'array') visit(type.of);
    else if (type.kind === 'function' && type.signature) for (const one of [...type.signature.params, type.signature.result]) visit(one);
  };
  for (const { functions, types } of modules) {
    for (const { params, result } of functions) for (const one of [...(params ?? []), ...(result ? [result] : [])]) visit(one.type);
    for (const { what } of types) {
      if (what.kind === 'alias') visit(what.type);
      else if (what.kind !== 'enum') for (const { type } of what.fields ?? []) visit(type);
    }
  }
  return out;
}
