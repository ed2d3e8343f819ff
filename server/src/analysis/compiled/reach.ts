/** What can panic when a body runs, followed through the calls that it makes. */
import type { MirBody, MirCall, MirSpan } from '../../model/compiled/mir.ts';
import type { Callees } from './callees.ts';
import { stdPanic } from './panicking.ts';
import { splitPath } from './paths.ts';

/** A panic in one body. */
export interface BodyPanic {
  readonly kind: 'call' | 'bounds' | 'division';
  readonly what: string;
  readonly at: MirSpan | null;
  /** A place in the body in which it stands. */
  readonly inside: MirSpan | null;
}

/** The shortest way from a body to a panic. */
export interface ReachedPanic extends BodyPanic {
  readonly through: readonly { readonly name: string; readonly at: MirSpan | null }[];
}

export interface Reach {
  /** In breadth-first order, each place once; at most as many as anyone reads. */
  panics(body: MirBody): readonly ReachedPanic[];
  /** Whether a call of the body can panic; unknown where it runs code that is not known. */
  mayPanic(body: MirBody): 'yes' | 'no' | 'unknown';
}

/** Ways longer than this are not followed: nobody reads them. */
const DEPTH = 8;
/** Bodies looked at for one question. */
const BODIES = 2000;

export function createReach(calleesOf: (call: MirCall, body: MirBody) => Callees): Reach {
  const own = new Map<MirBody, readonly BodyPanic[]>();
  const verdicts = new Map<MirBody, 'yes' | 'no' | 'unknown'>();

  function ownPanics(body: MirBody): readonly BodyPanic[] {
    let known = own.get(body);
    if (!known) {
      known = [...asserted(body), ...body.calls.flatMap((call) => calledPanic(call, body))];
      own.set(body, known);
    }
    return known;
  }

  function walk(from: MirBody): { readonly found: readonly ReachedPanic[]; readonly opaque: boolean } {
    const found: ReachedPanic[] = [];
    let opaque = false;
    const seen = new Set<MirBody>([from]);
    let level: { readonly body: MirBody; readonly through: ReachedPanic['through'] }[] = [{ body: from, through: [] }];
    for (let depth = 0; depth <= DEPTH && level.length > 0 && seen.size < BODIES; depth++) {
      const next: typeof level = [];
      for (const { body, through } of level) {
        for (const panic of ownPanics(body)) found.push({ ...panic, through });
        for (const call of inOrder(body)) {
          const callees = calleesOf(call, body);
          opaque ||= callees.opaque;
          for (const callee of callees.bodies) {
            if (seen.has(callee) || (!callee.leaves && body !== callee)) continue;
            seen.add(callee);
            next.push({ body: callee, through: [...through, { name: splitPath(call.callee).plain, at: call.name ?? call.span }] });
          }
          for (const closure of callees.closures) {
            if (seen.has(closure)) continue;
            seen.add(closure);
            next.push({ body: closure, through });
          }
        }
      }
      level = next;
    }
    return { found, opaque: opaque || level.length > 0 };
  }

  return {
    panics: (body) => walk(body).found,
    mayPanic(body) {
      let verdict = verdicts.get(body);
      if (!verdict) {
        const { found, opaque } = walk(body);
        verdict = found.length > 0 ? 'yes' : opaque ? 'unknown' : 'no';
        verdicts.set(body, verdict);
      }
      return verdict;
    },
  };
}

/** The calls as the source has them: the blocks of MIR come in another order. */
function inOrder({ calls }: MirBody): readonly MirCall[] {
  const line = ({ name, span }: MirCall): number => (name ?? span)?.line ?? 0;
  const column = ({ name, span }: MirCall): number => (name ?? span)?.column ?? 0;
  return [...calls].sort((a, b) => line(a) - line(b) || column(a) - column(b));
}

/** Checks that the compiler put in; those of overflow follow the profile, and those of raw pointers are debug builds' own. */
function asserted(body: MirBody): readonly BodyPanic[] {
  return body.asserts.flatMap(({ kind, span, unwind }): BodyPanic[] => {
    if (unwind === 'never') return [];
    if (kind === 'bounds') return [{ kind, what: 'index out of bounds', at: span, inside: body.at }];
    return kind === 'division' ? [{ kind, what: 'division by zero', at: span, inside: body.at }] : [];
  });
}

function calledPanic(call: MirCall, { at: inside }: MirBody): readonly BodyPanic[] {
  if (call.callee === '') return [];
  const { plain } = splitPath(call.callee);
  const how = stdPanic(call.callee, plain);
  if (how === null) return [];
  const at = call.name ?? call.span;
  if (how === 'bounds') return [{ kind: 'bounds', what: 'index out of bounds', at, inside }];
  return [{ kind: 'call', what: how === 'macro' ? 'panic' : plain, at, inside }];
}
