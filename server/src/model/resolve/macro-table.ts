/** The workspace's `macro_rules!` definitions by name, and the expansions of item-level calls. */
import { sliceSpan } from '../../base/text.ts';
import type { Location } from '../../base/text.ts';
import type { Entry } from '../rust/file-index.ts';
import { Trigger } from '../rust/file-index.ts';
import type { Crate, Origin, SourceFile } from '../workspace.ts';
import type { Expansion, WorkspaceInput } from './input.ts';

export interface MacroDefinition {
  readonly name: string;
  readonly file: SourceFile;
  readonly entry: Entry;
  /** The package folder or file that it belongs to: definitions of the caller's own come first. */
  readonly home: string;
  readonly exported: boolean;
  /** null for a file of no package. */
  readonly packageName: string | null;
  /** The name by which other crates know its crate; null where it has no library. */
  readonly crateName: string | null;
}

export interface MacroTable {
  /** The one definition that a call by this name means, or null where there is none or several differ. */
  find(crate: Crate, name: string): MacroDefinition | null;
  /** The call written out as a source file of its own, or null. */
  expand(crate: Crate, file: SourceFile, call: Entry): SourceFile | null;
  /** The path that an `include!` of the standard library names as it is written; null for one that is put together, and for other macros. */
  included(crate: Crate, file: SourceFile, call: Entry): string | null;
}

/**
 * What makes it worth writing a call out: something of the boundary in the call or the definition, a macro that the definition calls, or
 * a module that it makes, through which names may be found.
 */
const INTERESTING = Trigger.Extern | Trigger.ExportAttribute | Trigger.Repr | Trigger.PyAttribute | Trigger.RawPointer;

export interface MacroSource {
  homeOf(crate: Crate): string;
  textOf(file: SourceFile): string;
  readonly write: WorkspaceInput['expand'];
  /** A number that no other expansion has. */
  serial(): number;
}

export function createMacroTable(definitions: readonly MacroDefinition[], { homeOf, textOf, write, serial }: MacroSource): MacroTable {
  const byName = new Map<string, MacroDefinition[]>();
  for (const definition of definitions) {
    const known = byName.get(definition.name);
    if (known) known.push(definition);
    else byName.set(definition.name, [definition]);
  }
  const recent = createRecent();

  function find(crate: Crate, name: string): MacroDefinition | null {
    const last = name.slice(name.lastIndexOf(':') + 1);
    const all = byName.get(last);
    if (!all) return null;
    const home = homeOf(crate);
    const own = all.filter((d) => d.home === home);
    const candidates = own.length > 0 ? own : all.filter((d) => d.exported && dependsOn(crate, d));
    return candidates.length === 1 ? (candidates[0] ?? null) : null;
  }

  function expand(crate: Crate, file: SourceFile, call: Entry): SourceFile | null {
    const definition = find(crate, call.name);
    if (!definition?.entry.bodySpan || !call.bodySpan) return null;
    if ((definition.entry.triggers & (INTERESTING | Trigger.MacroCall | Trigger.Module)) === 0 && (call.triggers & INTERESTING) === 0)
      return null;
    const root = definition.home === homeOf(crate) ? 'crate' : definition.crateName;
    if (root === null) return null;
    const body = definition.entry.bodySpan;
    const args = call.bodySpan;
    const written = () => write({ text: textOf(definition.file), body }, { text: textOf(file), args }, root);
    const expansion = written();
    if (!expansion) return null;
    const path = `${file.path}#${serial()}`;
    recent.keep(path, expansion);
    const locate: Locate = (at) => (recent.find(path) ?? recent.keep(path, written()))?.locate(at) ?? null;
    const source: SourceFile = { path, index: expansion.index, origin: originOf(file, call, locate) };
    expansionTexts.set(source, expansion.text);
    return source;
  }

  function included(crate: Crate, file: SourceFile, call: Entry): string | null {
    if (!/^(?:(?:std|core)::)?include$/.test(call.name) || !call.bodySpan || find(crate, call.name)) return null;
    return /^\s*"([^"\\]+)"\s*,?\s*$/.exec(sliceSpan(textOf(file), call.bodySpan))?.[1] ?? null;
  }

  return { find, expand, included };
}

/** How much of the texts of expansions is kept with where each token comes from, in UTF-16 units. */
const RECENT = 1 << 18;

/**
 * Where each token of an expansion comes from takes more room than all else, and few are asked: what is not at hand is written anew.
 * Several are at hand, since a call within an expansion is traced back through both.
 */
function createRecent(): { find(path: string): Expansion | null; keep(path: string, expansion: Expansion | null): Expansion | null } {
  const kept = new Map<string, Expansion>();
  let length = 0;
  return {
    find: (path) => kept.get(path) ?? null,
    keep(path, expansion) {
      if (!expansion) return null;
      for (const [oldest, { text }] of kept) {
        if (length + expansion.text.length <= RECENT) break;
        kept.delete(oldest);
        length -= text.length;
      }
      kept.set(path, expansion);
      length += expansion.text.length;
      return expansion;
    },
  };
}

/** Macros reach a package from those that it names; what these pass on from others is not followed. */
function dependsOn(crate: Crate, definition: MacroDefinition): boolean {
  return crate.package?.dependencies.some((d) => d.package === definition.packageName) ?? false;
}

/** Texts of expansions live as long as their files. */
const expansionTexts = new WeakMap<SourceFile, string>();

export function expansionText(file: SourceFile): string | null {
  return expansionTexts.get(file) ?? null;
}

type Locate = Expansion['locate'];

/** An expansion inside an expansion is traced back to the real file through both. */
function originOf(file: SourceFile, call: Entry, inCall: Locate): Origin {
  const outer = file.origin;
  return {
    call: outer ? callWithin(outer, call) : { file: file.path, span: call.signatureSpan },
    locate(at) {
      const inner = inCall(at);
      if (!inner) return null;
      return outer ? outer.locate(inner) : { file: file.path, span: inner };
    },
  };
}

/** A call that an expansion holds; its place is traced back when it is asked for. */
function callWithin(outer: Origin, call: Entry): Location {
  return {
    file: outer.call.file,
    get span() {
      return (outer.locate(call.signatureSpan) ?? outer.call).span;
    },
  };
}
