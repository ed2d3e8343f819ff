/** What cffi is told of an exported function is not its signature in Rust. */
import { compareLayouts } from '../../abi/peers/layout-differences.ts';
import { compareLinked } from '../../abi/peers/signature-differences.ts';
import type { TargetedDifference } from '../../abi/peers/signature-differences.ts';
import type { LinkedFn } from '../../abi/peers/peers.ts';
import type { Shape } from '../../abi/shape.ts';
import { callbackDifference, placeName, placesOf, signatureMessage } from '../binding-fns.ts';
import { layoutDetail } from '../layout-detail.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'cffi-drift',
  group: 'python',
  since: '0.1.0',
  severity: 'error',
  languages: ['python', 'rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    type: '{what} of `{name}` is `{mine}` in Rust, but `{theirs}` in the `cdef`',
    arity: '`{name}` takes {mine} in Rust, but {theirs} in the `cdef`',
    variadic: '`{name}` is variadic on one side only',
    nothing: '`{name}` returns nothing in Rust, but `{theirs}` in the `cdef`',
    convention: '`{name}` has another calling convention in the `cdef`',
    callback: '{what} of `{name}` is another function in the `cdef`: {detail}',
    layout: '`{theirs}` of the `cdef` stands for `{mine}` of Rust, but {detail}',
  },
  docs: {
    what: 'The text that cffi is given declares an exported function otherwise than Rust defines it',
    why: `In its ABI mode cffi calls a function as \`cdef\` declares it, and nothing compares that with the library. An argument of another
width or kind arrives as something else, a result is read from a register that nobody set.`,
    bad: `#[no_mangle]
pub extern "C" fn area(width: f64, height: f64) -> f64 {
    width * height
}
// area.py: from cffi import FFI
// area.py:
// area.py: ffi = FFI()
// area.py: ffi.cdef("double area(float width, double height);")
// area.py: lib = ffi.dlopen("libsample.so")
`,
    good: `#[no_mangle]
pub extern "C" fn area(width: f64, height: f64) -> f64 {
    width * height
}
// area.py: from cffi import FFI
// area.py:
// area.py: ffi = FFI()
// area.py: ffi.cdef("double area(double width, double height);")
// area.py: lib = ffi.dlopen("libsample.so")
`,
    exceptions: [
      'types that are not known on one side, and opaque types',
      'the same width with the other sign, which is a hint for 32 and 64 bits',
      'a result that the declaration leaves out',
      'texts of other files, and with escapes for other signs than quotes and white space',
    ],
    fixSafety: null,
    references: [{ title: 'cffi, declaring types and functions', url: 'https://cffi.readthedocs.io/en/stable/cdef.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'python' || ctx.unit.peer.generatedBy !== null) return;

    const seen = new Set<string>();
    for (const linked of ctx.python.cffiIn(ctx.unit.path)) {
      const { rust, peer } = linked;
      if (rust.rewritten || rust.item.test || rust.item.inUnknownMacro) continue;
      const made = compareLinked(linked, ctx.peers);
      const at = { file: rust.item.file, span: rust.ast.nameSpan };
      for (const { mine, theirs, detail } of layouts(linked, ctx)) {
        if (seen.has(theirs)) continue;
        seen.add(theirs);
        ctx.report('layout', {
          at: peer.at,
          data: { mine, theirs, detail },
          related: [{ at, message: `\`${rust.item.name}\` is defined here` }],
          mirror: at,
          help: 'give both the same fields in the same order',
        });
      }
      if (made.kind === 'unknown') {
        ctx.unresolved(peer.symbol, made.reason, peer.at);
        continue;
      }
      for (const place of placesOf(linked, ctx)) {
        const detail = callbackDifference(place);
        const key = `${peer.symbol} ${place.index}`;
        if (detail === null || seen.has(key)) continue;
        seen.add(key);
        ctx.report('callback', {
          at: peer.at,
          data: { what: placeName(linked, place.index), name: peer.symbol, detail },
          related: [{ at, message: `\`${rust.item.name}\` is defined here` }],
          mirror: at,
          help: 'declare it as Rust calls it',
        });
      }
      const [first, ...others] = made.differences.filter(
        ({ everywhere, kind }) => everywhere && kind !== 'return-ignored' && kind !== 'const',
      );
      if (!first) continue;
      ctx.report(signatureMessage(first.kind), {
        at: peer.at,
        data: { name: peer.symbol, ...sides(first, linked) },
        related: [{ at, message: `\`${rust.item.name}\` is defined here` }],
        mirror: at,
        severity: first.severity,
        help: 'declare it as Rust defines it',
        ...(others.length > 0
          ? { note: `${others.length} more ${others.length === 1 ? 'difference' : 'differences'} in this declaration` }
          : {}),
      });
    }
  },
});

interface Layouts {
  readonly mine: string;
  readonly theirs: string;
  readonly detail: string;
}

/** Records at the same places of both signatures that are laid out differently on all targets. */
function layouts({ rust, peer }: LinkedFn, { peers }: Pick<RuleContext, 'peers'>): readonly Layouts[] {
  const found = new Map<string, { readonly first: Layouts; readonly on: Set<string> }>();
  for (const target of peers.targets) {
    const mine = peers.rustSignature(rust, target);
    const theirs = peer.signatures.find((one) => one.target.triple === target.triple);
    if (!mine?.params || !theirs?.params || mine.params.length !== theirs.params.length) continue;
    const places = [
      ...mine.params.map((one, i) => [one.shape, theirs.params?.[i]?.shape] as const),
      [mine.result?.shape, theirs.result?.shape] as const,
    ];
    for (const [a, b] of places) {
      const [one, other] = [recordBehind(a), recordBehind(b)];
      if (!one || !other) continue;
      const made = compareLayouts(
        { def: mine.resolve(one.key), resolve: mine.resolve },
        { def: theirs.resolve(other.key), resolve: theirs.resolve },
        target,
      );
      if (made.kind !== 'different' || made.first.what === 'order' || made.first.what === 'align') continue;
      const known = found.get(other.key) ?? {
        first: { mine: one.name, theirs: other.name, detail: layoutDetail(made.first) },
        on: new Set<string>(),
      };
      found.set(other.key, known);
      known.on.add(target.triple);
    }
  }
  return [...found.values()].flatMap(({ first, on }) => (on.size === peers.targets.length ? [first] : []));
}

function recordBehind(shape: Shape | undefined): Extract<Shape, { kind: 'ref' }> | null {
  const inner = shape?.kind === 'option' ? shape.inner : shape;
  const at = inner?.kind === 'pointer' ? inner.pointee : inner;
  return at?.kind === 'ref' ? at : null;
}

function sides(one: TargetedDifference, { rust, peer }: LinkedFn): Readonly<Record<'what' | 'mine' | 'theirs', string>> {
  if (one.kind === 'arity') {
    const counted = (number: number): string => `${number} parameter${number === 1 ? '' : 's'}`;
    return { what: '', mine: counted(rust.ast.params.length), theirs: String(peer.signatures[0]?.params?.length ?? 0) };
  }
  const name = one.index === null ? null : rust.ast.params[one.index]?.name;
  const what = one.index === null ? 'the result' : name == null ? `parameter ${one.index + 1}` : `\`${name}\``;
  return { what, mine: one.rust?.written ?? '', theirs: one.peer?.written ?? '' };
}
