/** Answers by place what rustc's MIR says, for the crates that were compiled. */
import type { Span } from '../../base/text.ts';
import { contains } from '../../base/text.ts';
import type { CompiledCrate, MirBody, MirCall, MirDeref, MirSpan } from '../../model/compiled/mir.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { createCalleeFinder } from './callees.ts';
import type { CalleeFinder } from './callees.ts';
import type { CompiledFacts, CompiledPanic, CompiledPlace } from './compiled-facts.ts';
import { stdPanic } from './panicking.ts';
import { splitPath } from './paths.ts';
import { createPlaces } from './places.ts';
import type { Reach } from './reach.ts';
import { createReach } from './reach.ts';

interface Known {
  readonly root: string;
  readonly finder: CalleeFinder;
  readonly reach: Reach;
}

/** What stands in one file, by place. */
interface FileFacts {
  readonly bodies: { readonly at: Span; readonly body: MirBody; readonly crate: Known }[];
  readonly calls: { readonly at: Span; readonly call: MirCall; readonly crate: Known }[];
  readonly derefs: { readonly at: Span; readonly deref: MirDeref }[];
}

export function createCompiledFacts(workspace: Workspace, crates: readonly CompiledCrate[]): CompiledFacts {
  const places = createPlaces(workspace);
  const files = new Map<string, FileFacts>();
  const crateOf = new Map<MirCall, Known>();

  function at(path: string): FileFacts {
    let facts = files.get(path);
    if (!facts) {
      facts = { bodies: [], calls: [], derefs: [] };
      files.set(path, facts);
    }
    return facts;
  }

  for (const { root, mir } of crates) {
    const finder = createCalleeFinder(mir.bodies);
    const crate: Known = { root, finder, reach: createReach(finder) };
    const put = (span: MirSpan | null, add: (facts: FileFacts, at: Span) => void): void => {
      const place = span && places.place(root, span);
      if (place) add(at(place.file), place.span);
    };
    for (const body of mir.bodies) {
      put(body.at, (facts, span) => facts.bodies.push({ at: span, body, crate }));
      for (const call of body.calls) {
        crateOf.set(call, crate);
        put(call.name ?? call.span, (facts, span) => facts.calls.push({ at: span, call, crate }));
      }
      for (const deref of body.derefs) put(deref.span, (facts, span) => facts.derefs.push({ at: span, deref }));
    }
  }

  function bodiesOf(item: RustItem): FileFacts['bodies'] {
    if (item.file.origin) return [];
    return (files.get(item.file.path)?.bodies ?? []).filter(({ at: span }) => contains(item.entry.span, span));
  }

  function mayPanic(call: MirCall): 'yes' | 'no' | 'unknown' {
    if (call.callee === '') return 'unknown';
    if (stdPanic(call.callee, splitPath(call.callee).plain) !== null) return 'yes';
    const crate = crateOf.get(call);
    const callees = crate?.finder.of(call);
    if (!crate || !callees) return 'unknown';
    const verdicts = [...callees.bodies, ...callees.closures].map((body) => crate.reach.mayPanic(body));
    if (verdicts.includes('yes')) return verdicts.every((one) => one === 'yes') ? 'yes' : 'unknown';
    return callees.opaque || verdicts.includes('unknown') ? 'unknown' : 'no';
  }

  return {
    covers(file, span) {
      const facts = files.get(file);
      return facts !== undefined && [...facts.calls, ...facts.derefs, ...facts.bodies].some((one) => contains(span, one.at));
    },
    calls: (file, span) => (files.get(file)?.calls ?? []).filter((one) => contains(span, one.at)).map(({ call }) => call),
    derefs: (file, span) => (files.get(file)?.derefs ?? []).filter((one) => contains(span, one.at)).map(({ deref }) => deref),
    bodies: (item) => bodiesOf(item).map(({ body }) => body),
    panics(item) {
      const found = bodiesOf(item).find(({ body }) => !/\{(closure|constant)#\d+\}$|::promoted\[/.test(body.name));
      if (!found) return null;
      const { root } = found.crate;
      const placed = (span: MirSpan | null): CompiledPlace | null => span && places.place(root, span);
      return found.crate.reach.panics(found.body).map(
        ({ what, kind, at: span, through }): CompiledPanic => ({
          what,
          kind,
          at: placed(span),
          through: through.map((step) => ({ name: step.name, at: placed(step.at) })),
        }),
      );
    },
    mayPanic,
  };
}
