/** Answers the questions about the interpreter lock from syntax and local types. */
import { isUnreached } from '../../model/resolve/crates.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import type { Crate, RustItem, Workspace } from '../../model/workspace.ts';
import { contains } from '../../base/text.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { isInt } from '../types/local-types-ty.ts';
import { attachEdits } from './attach-edits.ts';
import { perItem } from './per-item.ts';
import { perItemEdits } from './per-item-edits.ts';
import { distinctEntries, isComputed, isPyEntryItem, privateHelpers } from './private-helpers.ts';
import { redundantAttaches } from './attaches.ts';
import { createAttaching } from './attaching.ts';
import { createClosures } from './closures.ts';
import { copiedBytes } from './copied-bytes.ts';
import { createDetached, isExplained } from './detached.ts';
import { detachedEdits } from './detached-edits.ts';
import { detachedWork } from './detached-work.ts';
import type { GilFacts } from './gil-facts.ts';
import { fillsModule, initPanics } from './init-panics.ts';
import { createJoins } from './joins.ts';
import { createLocks } from './locks.ts';
import { createLoops } from './loops.ts';
import { objectVectors } from './object-vectors.ts';
import { panicEdits } from './panic-edits.ts';
import type { PanicContext } from './panics.ts';
import { dataPanics } from './panics.ts';
import { createPythonTypes, givesToken } from './python-types.ts';
import { createPythonUse } from './python-use.ts';
import { releaseEdits } from './release-edits.ts';
import { tokenOf } from './token.ts';
import { olderThan, usesNewNames } from './versions.ts';
import { createWork } from './work.ts';

/** Slots that must not run Python or are only ever called by the garbage collector. */
const NEVER_ATTACHED = new Set(['__traverse__', '__clear__']);

const RELEASING = /\.\s*(detach|allow_threads)\b|Python::(detach|allow_threads)\b/;

export function createGilFacts(workspace: Workspace): GilFacts {
  const bodies = bodiesOf(workspace);
  const callable = new Map<Crate, boolean>();
  const types = createPythonTypes(workspace);
  const python = createPythonUse(workspace, types);
  const closures = createClosures(workspace);
  const loops = createLoops(workspace);
  const work = createWork(workspace, python, closures, loops, createLocks(workspace));
  const attaching = createAttaching(workspace, closures);
  const joins = createJoins(workspace, closures, attaching);
  const detached = createDetached(workspace, types, closures);

  const panicContext = (body: Body): PanicContext => ({
    body,
    workspace,
    isToken: (b) => types.of(b.ty) === 'token',
    isComputed: (b) => b.kind === 'param' && isInt(b.ty) && isComputed(body.item, b.name),
  });

  const releaseName: GilFacts['releaseName'] = (crate) => {
    const renamed = usesNewNames(workspace, crate);
    return renamed === null ? null : renamed ? 'detach' : 'allow_threads';
  };

  const attachName: GilFacts['attachName'] = (crate) => {
    const renamed = usesNewNames(workspace, crate);
    return renamed === null ? null : renamed ? 'attach' : 'with_gil';
  };

  return {
    attachedHelpers: (items) => items.flatMap((item) => helperEntry(item) ?? []),
    distinct: (entries) => distinctEntries(entries, workspace),
    privateHelpers: (items) => privateHelpers(items, workspace, closures),
    seeds(entry) {
      const body = isSilent(entry) || entry.kind === 'module' || isEmbedders(entry) ? null : bodies(entry.item);
      const found = body ? work.of(entry.item) : [];
      // A wait that deadlocks is said once, as that.
      const dead = body && found.length > 0 ? joins.of(body) : [];
      return found.filter((seed) => !dead.some(({ expr }) => contains(expr.span, seed.expr.span) || contains(seed.expr.span, expr.span)));
    },
    redundantAttaches(entry) {
      const body = isSilent(entry) ? null : bodies(entry.item);
      return body ? redundantAttaches(body, workspace, closures) : [];
    },
    panics(entry) {
      const body = isSilent(entry) || entry.kind === 'module' ? null : bodies(entry.item);
      // What fills a module panics while it is imported, and is asked about as that.
      if (!body || (!isPyEntryItem(entry.item) && fillsModule(body))) return [];
      return dataPanics(panicContext(body), closures);
    },
    initPanics(entry) {
      const body = isSilent(entry) ? null : bodies(entry.item);
      if (!body || !(entry.kind === 'module' || (!isPyEntryItem(entry.item) && fillsModule(body)))) return [];
      return initPanics(panicContext(body), closures);
    },
    token(entry) {
      const body = bodies(entry.item);
      return body && tokenOf(body);
    },
    releaseName,
    attachName,
    releaseEdits(entry, seed) {
      const body = bodies(entry.item);
      const release = releaseName(entry.item.module.crate);
      return body && release ? releaseEdits(body, seed, release, workspace, python, types) : [];
    },
    attachEdits(entry, attach) {
      const body = bodies(entry.item);
      return body ? attachEdits(body, attach, workspace) : [];
    },
    panicEdits(entry, panic) {
      const body = bodies(entry.item);
      return body ? panicEdits(body, panic, workspace) : [];
    },
    joins(entry) {
      const body = isSilent(entry) || entry.kind === 'module' || isEmbedders(entry) ? null : bodies(entry.item);
      return body ? joins.of(body) : [];
    },
    attaches: attaching.by,
    detachedUses: (item) => ofBody(item, RELEASING, detached.uses),
    detachedEdits(item, use) {
      const body = bodies(item);
      const attach = attachName(item.module.crate);
      const bound = olderThan(workspace, item.module.crate, [0, 21, 0]);
      return body && attach && bound !== null ? detachedEdits(use, { body, workspace, types, attach, bound: !bound }) : [];
    },
    perItem: (entry) =>
      isSilent(entry) || entry.kind === 'module'
        ? []
        : ofBody(entry.item, /\b(for|loop|while|if\s+let)\b/, (body) => perItem(body, workspace, types, closures)),
    perItemEdits(entry, one) {
      const body = bodies(entry.item);
      return body ? perItemEdits(one, body, workspace) : [];
    },
    copiedBytes: (entry) =>
      /\bVec\b/.test(workspace.slice(entry.item.file, entry.ast.paramsSpan)) ? ofBody(entry.item, /./, copiedBytes) : [],
    objectVectors: (entry) =>
      /\bVec\s*<\s*(\w+::)*(Py|Bound|PyObject)\b/.test(workspace.slice(entry.item.file, entry.ast.paramsSpan))
        ? ofBody(entry.item, /\bfor\b/, objectVectors)
        : [],
    detachedWork: (item) => ofBody(item, RELEASING, (body) => detachedWork(body, workspace, closures, work)),
    detachedClones: (item) => ofBody(item, /\.clone\s*\(/, detached.clones),
    forgedTokens: (item) =>
      ofBody(item, /\b(assume_gil_acquired|assume_attached|with_gil_unchecked|attach_unchecked)\b/, detached.forged).filter(
        (token) => !isExplained(token, item, workspace.text(item.file)),
      ),
  };

  /** What is found in a fn's body; fns whose text has not got the words are not inferred. */
  function ofBody<T>(item: RustItem, words: RegExp, look: (body: Body) => readonly T[]): readonly T[] {
    if (item.kind !== 'fn' || item.test || !item.entry.bodySpan) return [];
    if (!words.test(workspace.slice(item.file, item.entry.bodySpan))) return [];
    const body = bodies(item);
    return body ? look(body) : [];
  }

  /** A coroutine runs under its own rules, a test under none; a C callback says itself how it attaches. */
  function isSilent(entry: PyEntry): boolean {
    return entry.item.test || entry.ast.async || entry.ast.abi !== null || NEVER_ATTACHED.has(entry.item.name);
  }

  /** A fn that is not for others, in a crate that Python cannot call: it runs an interpreter of its own, and no other thread waits for it. */
  function isEmbedders(entry: PyEntry): boolean {
    if (entry.ast.visibility === 'pub' || entry.item.owner?.entry.implTrait || isPyEntryItem(entry.item)) return false;
    const { crate } = entry.item.module;
    let called = callable.get(crate);
    if (called === undefined) {
      called = workspace.stateOf(crate).items.some(isPyEntryItem);
      callable.set(crate, called);
    }
    return !called;
  }

  function helperEntry(item: RustItem): PyEntry | null {
    if (item.kind !== 'fn' || item.test || item.owner?.kind === 'trait' || isUnreached(item.module.crate)) return null;
    // Inferring a body is dear, and a fn that names nothing of PyO3 has no such parameter.
    if ((item.entry.triggers & (Trigger.PyName | Trigger.PyAttribute)) === 0) return null;
    if (isPyEntryItem(item)) return null;
    const body = bodies(item);
    if (!body?.bindings.some((b) => b.kind === 'param' && givesToken(b.ty))) return null;
    return { kind: 'function', item, ast: body.ast, scope: body.scope, className: item.owner?.entry.implType ?? null };
  }
}
