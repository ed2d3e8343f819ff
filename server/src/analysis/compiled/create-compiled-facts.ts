/** Answers by place what rustc's MIR says, for the crates that were compiled. */
import type { Span } from '../../base/text.ts';
import { joinPath } from '../../base/paths.ts';
import { contains } from '../../base/text.ts';
import type {
  CompiledCrate,
  MirAssert,
  MirBody,
  MirCall,
  MirCast,
  MirClosure,
  MirDeref,
  MirSpan,
  MirLint,
} from '../../model/compiled/mir.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { OPAQUE, createCalleeFinder } from './callees.ts';
import type { CalleeFinder } from './callees.ts';
import type { CompiledFacts, CompiledPanic, CompiledPlace, Disagreement, Placed, SourcePlace } from './compiled-facts.ts';
import { stdPanic } from './panicking.ts';
import { splitPath } from './paths.ts';
import { createPlaces } from './places.ts';
import { createReach } from './reach.ts';

interface Known {
  readonly root: string;
  readonly linted: boolean;
  readonly finder: CalleeFinder;
}

/** What stands in one file, by place; of bodies where that begins. */
interface FileFacts {
  readonly bodies: { readonly at: number; readonly what: MirBody; readonly crate: Known }[];
  readonly calls: { readonly at: Span; readonly what: MirCall; readonly body: MirBody }[];
  readonly asserts: { readonly at: Span; readonly what: MirAssert; readonly body: MirBody }[];
  readonly lints: { readonly at: Span; readonly lint: MirLint }[];
  readonly derefs: { readonly at: Span; readonly what: MirDeref; readonly body: MirBody }[];
  readonly casts: { readonly at: Span; readonly what: MirCast; readonly body: MirBody }[];
  readonly closures: { readonly at: Span; readonly what: MirClosure }[];
  /** By `start:end`; null where bodies do not agree. */
  readonly named: Map<string, MirCall | null>;
  readonly variables: Map<string, string | null>;
}

function noFacts(): FileFacts {
  return {
    bodies: [],
    calls: [],
    asserts: [],
    lints: [],
    derefs: [],
    casts: [],
    closures: [],
    named: new Map(),
    variables: new Map(),
  };
}

const EMPTY = noFacts();

const keyOf = ({ start, end }: Span): string => `${start}:${end}`;

export function createCompiledFacts(workspace: Workspace, crates: readonly CompiledCrate[]): CompiledFacts {
  const places = createPlaces(workspace);
  const files = new Map<string, FileFacts>();
  const crateOf = new Map<MirBody, Known>();
  /** By the fn that closures stand in. */
  const families = new Map<MirBody, MirBody[]>();

  /** Most files are never asked about: what stands in one is looked up, and taken out of what was kept, when it is. */
  const waiting = new Map<string, ((facts: FileFacts) => void)[]>();
  function known(path: string): FileFacts | undefined {
    const later = waiting.get(path);
    if (later) {
      const facts = noFacts();
      waiting.delete(path);
      files.set(path, facts);
      for (const add of later) add(facts);
    }
    return files.get(path);
  }

  const finders = new Map<string, CalleeFinder>();
  const reach = createReach((call, body) => crateOf.get(body)?.finder.of(call) ?? OPAQUE);

  /** In another crate of the workspace, whose own paths do not begin with its name. */
  function foreign(from: string, call: MirCall): readonly MirBody[] | null {
    const name = /^(?:<(?:&(?:'\w+ )?(?:mut )?)?)?(\w+)::/.exec(call.callee)?.[1] ?? from;
    const finder = name === from ? undefined : finders.get(name);
    return finder?.bodies({ ...call, callee: call.callee.replace(new RegExp(`(?<![\\w:])${name}::`, 'g'), '') }) ?? null;
  }

  for (const { name: crateName, root, mir, lints } of crates) {
    const finder = createCalleeFinder(
      mir.bodies,
      (call) => foreign(crateName, call),
      (span) => {
        const place = places.place(root, span);
        const file = place && workspace.files.get(place.file);
        return place && file ? workspace.slice(file, place.span) : '';
      },
    );
    finders.set(crateName, finder);
    const crate: Known = { root, linted: lints !== null, finder };
    const byName = new Map<string, MirBody[]>();
    const later = new Map<string, ((facts: FileFacts) => void)[]>();
    /** Has something done when a file is asked about. */
    const put = (file: string, add: (facts: FileFacts) => void): void => {
      let list = later.get(file);
      if (!list) {
        const path = joinPath(root, file);
        list = waiting.get(path) ?? [];
        waiting.set(path, list);
        later.set(file, list);
      }
      list.push(add);
    };
    for (const lint of lints ?? []) {
      put(lint.span.file, (facts) => {
        const at = places.place(root, lint.span)?.span;
        if (at) facts.lints.push({ at, lint });
      });
    }
    for (const body of mir.bodies) {
      const name = body.name.replace(/::(?:\{closure#\d+\}|promoted\[\d+\])/g, '');
      const family = byName.get(name) ?? [];
      byName.set(name, family);
      family.push(body);
      families.set(body, family);
      crateOf.set(body, crate);
      for (const file of body.files) {
        put(file, (facts) => {
          addBody(facts, body, crate, (span) => (span?.file === file ? (places.place(root, span)?.span ?? null) : null));
        });
      }
    }
  }

  /** Where the tokens of a place are written. */
  function written({ file, span }: SourcePlace): CompiledPlace | null {
    return file.origin ? file.origin.locate(span) : { file: file.path, span };
  }

  function inside<T>(
    at: SourcePlace,
    list: (facts: FileFacts) => readonly { readonly at: Span; readonly what: T; readonly body: MirBody }[],
  ) {
    const place = written(at);
    if (!place) return [];
    const { start, end } = place.span;
    return list(known(place.file) ?? EMPTY)
      .filter(({ at: one }) => (start <= one.start && one.start < end) || (start < one.end && one.end <= end))
      .map(({ what, body }): Placed<T> => ({ what, bodies: families.get(body) ?? [body] }));
  }

  function exactly<T>(at: SourcePlace, map: (facts: FileFacts) => ReadonlyMap<string, T | null>): T | null {
    const place = written(at);
    const facts = place ? known(place.file) : undefined;
    return (place && facts && map(facts).get(keyOf(place.span))) ?? null;
  }

  const told = new Map<string, Disagreement>();

  function bodiesOf(item: RustItem): FileFacts['bodies'] {
    const { file, entry, name } = item;
    const around = file.origin ? file.origin.call : { file: file.path, span: entry.span };
    return (known(around.file)?.bodies ?? []).filter(
      (one) => around.span.start <= one.at && one.at < around.span.end && nameOf(one.what) === name,
    );
  }

  function mayPanic({ what: call, bodies }: Placed<MirCall>): 'yes' | 'no' | 'unknown' {
    if (call.callee === '') return 'unknown';
    if (stdPanic(call.callee, splitPath(call.callee).plain) !== null) return 'yes';
    const [body] = bodies;
    const crate = body && crateOf.get(body);
    const callees = crate?.finder.of(call);
    if (!crate || !callees) return 'unknown';
    const verdicts = [...callees.bodies, ...callees.closures].map((body) => reach.mayPanic(body));
    if (verdicts.includes('yes')) return verdicts.every((one) => one === 'yes') ? 'yes' : 'unknown';
    return callees.opaque || verdicts.includes('unknown') ? 'unknown' : 'no';
  }

  return {
    calls: (at) => inside(at, ({ calls }) => calls),
    asserts: (at) => inside(at, ({ asserts }) => asserts),
    derefs: (at) => inside(at, ({ derefs }) => derefs),
    casts: (at) => inside({ file: at.file, span: withParentheses(at.span, workspace.text(at.file)) }, ({ casts }) => casts),
    closuresAround(at) {
      const place = written(at);
      const around = (place && known(place.file)?.closures) ?? [];
      return around.flatMap(({ at: closure, what }) => (place && contains(closure, place.span) ? [what] : []));
    },
    callNamed: (at) => exactly(at, ({ named }) => named),
    variable: (at) => exactly(at, ({ variables }) => variables),
    disagreements: {
      add: (one) => void told.set(`${one.at.file.path} ${keyOf(one.at.span)}`, one),
      all: () => [...told.values()],
    },
    refusedTypes(at) {
      const place = written(at);
      const { lints } = (place && known(place.file)) ?? EMPTY;
      return place ? overlapping(lints, place.span).filter(({ name }) => name.startsWith('improper_ctypes')) : [];
    },
    lints(place, names) {
      return overlapping(known(place.file)?.lints ?? [], place.span).filter(({ name }) => names.includes(name));
    },
    linted: (item) => bodiesOf(item).some(({ crate }) => crate.linted),
    bodies: (item) => bodiesOf(item).flatMap(({ what }) => families.get(what) ?? []),
    panics(item) {
      const [found] = bodiesOf(item);
      if (!found) return null;
      // Crates of one workspace are compiled from the same folder.
      const { root } = found.crate;
      const placed = (span: MirSpan | null): CompiledPlace | null => span && places.place(root, span);
      return reach.panics(found.what).map(
        ({ what, kind, at: span, inside: body, through }): CompiledPanic => ({
          what,
          kind,
          at: placed(span),
          inside: placed(body),
          through: through.map((step) => ({ name: step.name, at: placed(step.at) })),
        }),
      );
    },
    mayPanic,
  };
}

/** A place with the parentheses directly around it: rustc counts them to a cast. */
function withParentheses({ start, end }: Span, text: string): Span {
  let [from, to] = [start, end];
  while (text.charAt(from - 1) === '(' && text.charAt(to) === ')') [from, to] = [from - 1, to + 1];
  return { start: from, end: to };
}

/** Adds what stands in one file; `spanOf` is null for places elsewhere. */
function addBody(facts: FileFacts, body: MirBody, crate: Known, spanOf: (span: MirSpan | null) => Span | null): void {
  const start = spanOf(body.at)?.start;
  if (start !== undefined) facts.bodies.push({ at: start, what: body, crate });
  for (const call of body.calls) {
    const at = spanOf(call.name ?? call.span);
    if (!at) continue;
    facts.calls.push({ at, what: call, body });
    if (call.name) agree(facts.named, keyOf(at), call, ({ callee }) => callee);
  }
  for (const { span, type } of body.variables) {
    const at = spanOf(span);
    if (at) agree(facts.variables, keyOf(at), type, (one) => one);
  }
  const placed = <T extends { readonly span: MirSpan | null }>(list: readonly T[]) =>
    list.flatMap((what) => {
      const at = spanOf(what.span);
      return at ? [{ at, what, body }] : [];
    });
  facts.casts.push(...placed(body.casts));
  facts.closures.push(...placed(body.closures));
  facts.asserts.push(...placed(body.asserts));
  facts.derefs.push(...placed(body.derefs));
}

/** The fn's name; empty for a closure and other bodies inside of one. */
function nameOf({ name, kind }: MirBody): string {
  return kind === 'fn' && !name.endsWith('}') ? name.slice(name.lastIndexOf(':') + 1) : '';
}

/** Keeps what all agree on. */
function agree<T>(map: Map<string, T | null>, key: string, value: T, by: (one: T) => string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, value);
  else if (known !== null && by(known) !== by(value)) map.set(key, null);
}

function overlapping(lints: FileFacts['lints'], place: Span): readonly MirLint[] {
  return lints.flatMap(({ at, lint }) => (contains(place, at) || contains(at, place) ? [lint] : []));
}
