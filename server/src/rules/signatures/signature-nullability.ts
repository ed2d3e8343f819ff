/** C passes or returns NULL, or says that it may, where the Rust function has what never is. */
import { nullArguments } from '../../abi/peers/null-arguments.ts';
import type { LinkedFn, Peers, Signature } from '../../abi/peers/peers.ts';
import type { Shape } from '../../abi/shape.ts';
import type { Target } from '../../abi/targets.ts';
import { basename } from '../../base/paths.ts';
import type { Location } from '../../base/text.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { twinsOf } from '../peer-signatures.ts';
import type { Report, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** What to do about each message. */
const HELP = {
  null: 'take an `Option` of it and say what happens without a value',
  declared: 'make it an `Option`, or a raw pointer that is looked at before it is used',
  behind: 'take a pointer to an `Option` of what C writes',
} as const;

export default defineRule({
  id: 'signature-nullability',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    null: '{name} of `{symbol}` is `{mine}`, which is never null, but `{file}` passes NULL',
    declared: '{name} of `{symbol}` is `{mine}`, which is never null, but `{file}` declares that it may be null',
    behind: '{name} of `{symbol}` is `{mine}`, but `{file}` declares that C may write null there',
  },
  docs: {
    what: 'C code passes NULL, or its header says that it may, where the Rust type is never null',
    why: 'A reference, a `Box`, a `NonNull` and a function pointer are never null. The compiler relies on it: a null that C passes is undefined behavior before the first line of the function runs, and no check in it helps. The same holds for the result of a C function.',
    bad: `// geo.c: int geo_load(const int *options);
// geo.c: int main(void) { return geo_load(NULL); }
#[no_mangle]
pub extern "C" fn geo_load(options: &i32) -> i32 {
    *options
}
`,
    good: `// geo.c: int geo_load(const int *options);
// geo.c: int main(void) { return geo_load(NULL); }
#[no_mangle]
pub extern "C" fn geo_load(options: Option<&i32>) -> i32 {
    options.copied().unwrap_or(0)
}
`,
    exceptions: [
      'raw pointers and `Option` of what is never null',
      'a pointer that C could pass: evidence is a call that passes NULL, or 0, or `nullptr`, and a declaration with `_Nullable` or one of the words of SAL that say the same, such as `_In_opt_` and `_Ret_maybenull_`',
      'functions of which another variant in the crate, under another condition, takes what may be null',
      'declarations that contradict each other, or that stand under conditions of which one says nothing',
      'headers that a tool has generated: see `generated-stale`',
      'calls in C files of other folders that do not belong to the crate',
    ],
    fixSafety: 'The body must then say what it does without a value.',
    references: [
      { title: 'core::option, representation', url: 'https://doc.rust-lang.org/core/option/index.html#representation' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    const { unit, peers } = ctx;
    const [target] = peers.targets;
    if (unit.kind !== 'rust' || !target) return;
    for (const fn of unit.surface.functions) {
      if ((fn.role !== 'export' && fn.role !== 'import') || fn.symbol === null || fn.rewritten) continue;
      const linked = peers.linkedTo(fn);
      const rust = linked.length > 0 ? peers.rustSignature(fn, target) : null;
      if (!rust || rust.params?.length !== fn.ast.params.length) continue;
      const found = (fn.role === 'export' ? passed(fn, rust, ctx) : null) ?? declared(linked, rust, target, peers);
      if (found && !takesNull(found, fn, ctx)) ctx.report(found.message, reportOf(fn, found, ctx));
    }
  },
});

interface Found {
  readonly message: 'null' | 'declared' | 'behind';
  /** Of the parameter; null for the result. */
  readonly index: number | null;
  readonly at: Location;
}

function neverNull(shape: Shape | null): boolean {
  return shape?.kind === 'pointer' && !shape.nullable;
}

/** A call that passes NULL to an export. */
function passed({ symbol }: BoundaryFn, { params }: Signature, ctx: Pick<RuleContext, 'peers' | 'text'>): Found | null {
  if (symbol === null || !params?.some(({ shape }) => neverNull(shape))) return null;
  for (const file of ctx.peers.mentionedIn(symbol).filter((one) => one.endsWith('.c'))) {
    const hit = nullArguments(ctx.text(file), symbol).find(
      ({ index, count }) => count === params.length && neverNull(params[index]?.shape ?? null),
    );
    if (hit) return { message: 'null', index: hit.index, at: { file, span: hit.span } };
  }
  return null;
}

/** A declaration that says so: of what C gives to Rust, the parameters of exports and the results of imports. */
function declared(linked: readonly LinkedFn[], rust: Signature, target: Target, all: Peers): Found | null {
  for (const { peer, direction } of linked) {
    if (peer.language !== 'c' || peer.mangled || peer.generatedBy !== null) continue;
    const peers = peer.signatures.filter((one) => one.target.triple === target.triple);
    if (peers.length === 0 || peers.some((one) => one.params?.length !== rust.params?.length)) continue;
    const may = (of: (one: Signature) => boolean | undefined): boolean =>
      mayBeNull(peers, of) && all.variantsOf(peer, target).every((one) => of(one) === true);
    if (direction === 'import') {
      if (neverNull(rust.result?.shape ?? null) && may(({ result }) => result?.nullable))
        return { message: 'declared', index: null, at: peer.at };
      const index =
        rust.params?.findIndex(({ shape }, at) => writesNever(shape) && may(({ params }) => params?.[at]?.pointeeNullable)) ?? -1;
      if (index >= 0) return { message: 'behind', index, at: peer.at };
      continue;
    }
    const index = rust.params?.findIndex(({ shape }, at) => neverNull(shape) && may(({ params }) => params?.[at]?.nullable)) ?? -1;
    if (index >= 0) return { message: 'declared', index, at: peer.at };
  }
  return null;
}

/** Of several declarations of the symbol in one crate, conditions choose: one that can be null there is enough. */
function takesNull({ index, message }: Found, fn: BoundaryFn, ctx: Pick<RuleContext, 'surface' | 'peers'>): boolean {
  const [target] = ctx.peers.targets;
  return twinsOf(fn, ctx).some((twin) => {
    const other = target ? ctx.peers.rustSignature(twin, target) : null;
    const use = index === null ? other?.result : other?.params?.[index];
    return use != null && !(message === 'behind' ? writesNever(use.shape) : neverNull(use.shape));
  });
}

/** Through it C writes a pointer that is never null. */
function writesNever(shape: Shape): boolean {
  return shape.kind === 'pointer' && !shape.const && neverNull(shape.pointee);
}

/** Declarations that hold together add up; of those under conditions each must say it. */
function mayBeNull(signatures: readonly Signature[], of: (one: Signature) => boolean | undefined): boolean {
  const said = signatures.map(of);
  return signatures.some(({ doubt }) => doubt !== null) ? said.every((one) => one === true) : said.includes(true) && !said.includes(false);
}

function reportOf(
  fn: BoundaryFn,
  { message, index, at }: Found,
  ctx: Pick<RuleContext, 'workspace'>,
): Report & { readonly data: Readonly<Record<'symbol' | 'name' | 'mine' | 'file', string>> } {
  const { file } = fn.item;
  const param = index === null ? null : fn.ast.params[index];
  const type = index === null ? fn.ast.result : param?.type;
  const span = type?.span ?? fn.ast.nameSpan;
  const written = ctx.workspace.slice(file, span);
  const what = index === null ? 'the result' : `\`${param?.name ?? `parameter ${index + 1}`}\``;
  return {
    at: { file, span: fn.ast.nameSpan },
    data: { symbol: fn.symbol ?? '', name: what, mine: written.replace(/\s+/g, ' '), file: basename(at.file) },
    related: [{ at, message: message === 'null' ? 'NULL is passed here' : 'declared here' }],
    help: HELP[message],
    ...(message === 'behind' || !type
      ? {}
      : {
          fixes: [
            {
              title: `${fn.role === 'export' ? 'take' : 'return'} an \`Option<${written}>\``,
              safe: false,
              edits: [{ file: file.path, span, text: `Option<${written}>` }],
            },
          ],
        }),
    item: fn.item,
  };
}
