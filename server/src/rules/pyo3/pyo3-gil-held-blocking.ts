/** A function that Python calls waits for the outside world while it holds the interpreter. */
import { waitsForOthers } from '../../analysis/gil/detached-work.ts';
import type { WorkSeed } from '../../analysis/gil/gil-facts.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Claim } from '../claim.ts';
import { LOCKING, callsNamed } from '../claim.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { selfBorrow } from '../self-borrow.ts';

type MessageId = 'direct' | 'through' | 'lock';

export default defineRule<MessageId>({
  id: 'pyo3-gil-held-blocking',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    direct: '`{what}` blocks while `{name}` holds the interpreter',
    through: '`{name}` holds the interpreter while this call blocks in `{what}`',
    lock: '`{name}` holds the interpreter while it waits for a lock that `{holder}` keeps for long',
  },
  docs: {
    what: 'A PyO3 function does file or network I/O, sleeps, or waits for another thread or process without releasing the interpreter',
    why: `PyO3 calls functions with the interpreter attached: with the GIL, no other Python thread runs until they return.
A blocking call then stalls the whole process, and it deadlocks where what is waited for needs the interpreter itself.
\`Python::detach\` (\`allow_threads\` before PyO3 0.26) releases it for the time of a closure; that costs about 50 nanoseconds.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn read_config(path: String) -> PyResult<String> {
    let text = std::fs::read_to_string(&path)?;
    Ok(text)
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn read_config(py: Python<'_>, path: String) -> PyResult<String> {
    let text = py.detach(|| std::fs::read_to_string(&path))?;
    Ok(text)
}
`,
    exceptions: [
      'work inside of `detach` or `allow_threads`, or handed to a helper that releases the interpreter',
      'locks, unless some function keeps the same one while it blocks, or while it takes or releases the interpreter',
      'methods of values whose type is not known, unless `--verify` asks the compiler',
      'threads that are only started or put away for good, futures that are only made or await nothing, `try_lock`, `try_recv`, `try_wait`, sockets that do not block',
      'what is only done where something failed, in `map_err`, and the `Some` arm of what is called with `None`',
      'files that the kernel makes up, below `/proc` and `/sys`; private functions of programs that embed Python',
      '`Read` and `Write` on `Cursor`, `Vec<u8>`, `&[u8]` and other memory; types that are not known',
      '`#[pymodule]` functions, which run once, at import; `async fn`; tests',
    ],
    fixSafety:
      'Wrapping one call of std keeps its value and its errors. It is safe in functions without `self` where everything the closure captures is known to be `Send`; elsewhere other threads could meet a borrowed object, or the code might not compile. There is none in `&mut self` methods, nor in `&self` methods of classes with `&mut self` methods where the call waits for others: with the interpreter released, calls from other threads would fail.',
    references: [
      { title: 'PyO3 guide, parallelism', url: 'https://pyo3.rs/latest/parallelism' },
      { title: 'PyO3 guide, performance: detach from the interpreter', url: 'https://pyo3.rs/latest/performance' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.facts.gil.distinct([...ctx.unit.surface.pyEntries, ...ctx.facts.gil.attachedHelpers(ctx.unit.items)])) {
      for (const seed of ctx.facts.gil.seeds(entry)) {
        // A lock whose holder needs the interpreter is a deadlock, and is reported as that.
        const dead = seed.class === 'lock' && ctx.facts.locks.attachedLocks(entry.item).some(({ call }) => call === seed.expr);
        if (seed.class !== 'compute' && !dead) report(ctx, entry, seed);
      }
    }
  },
});

function report(ctx: RuleContext<MessageId>, entry: PyEntry, seed: WorkSeed): void {
  const { file } = entry.item;
  const release = ctx.facts.gil.releaseName(entry.item.module.crate);
  const related = [
    ...seed.chain.map((step, i) => ({
      at: { file: step.file, span: step.span },
      message:
        i === seed.chain.length - 1
          ? seed.class === 'lock'
            ? 'the lock is still held here'
            : `\`${seed.what}\` blocks here`
          : `called from here in \`${step.item.name}\``,
    })),
    ...seed.also.map((more) => ({ at: { file, span: more.span }, message: `\`${more.what}\` goes on with it` })),
  ];
  const how = release ? `\`Python::${release}\`` : '`Python::detach` (`allow_threads` before PyO3 0.26)';
  ctx.report(seed.class === 'lock' ? 'lock' : seed.chain.length > 0 ? 'through' : 'direct', {
    at: { file, span: seed.span },
    data: { what: seed.what, name: entry.ast.name, holder: seed.chain.at(-1)?.item.name ?? '' },
    related,
    help:
      seed.perItem === null
        ? `run it in ${how}, so that other Python threads go on meanwhile`
        : `run it in ${how}; \`${seed.perItem}\` is used in each round, so collect what Python gives first and release once`,
    fixes: shutsOut(ctx, entry, seed)
      ? []
      : ctx.facts.gil
          .releaseEdits(entry, seed)
          .map((plan) => ({ title: plan.title, safe: plan.safe, edits: plan.edits.map((edit) => ({ ...edit, file: file.path })) })),
    // Releasing and taking it again for each item costs more than doing so once.
    ...(seed.perItem === null ? {} : { severity: 'info' as const }),
    item: entry.item,
    claims: claimsOf(entry, seed),
  });
}

/** Whether other threads' calls would fail meanwhile, since the method has its object borrowed: the class must change first. */
function shutsOut(ctx: RuleContext, entry: PyEntry, { what, class: kind }: WorkSeed): boolean {
  const borrow = selfBorrow(entry, ctx.workspace);
  return borrow?.kind === 'exclusive' || (borrow?.kind === 'shared' && (kind === 'lock' || waitsForOthers(what)));
}

/** That what blocks is what it is taken for, where it stands: behind the calls that lead to it. */
function claimsOf({ item }: PyEntry, { class: kind, what, chain, span }: WorkSeed): readonly Claim[] {
  if (kind === 'lock') return [{ kind: 'calls', at: { file: item.file, span }, callees: LOCKING }];
  return callsNamed(chain.at(-1) ?? { file: item.file, span }, what);
}
