/** What koffi-signature, deno-signature and bun-signature are made of: one check, told in the words of each runtime. */
import { computeLayout } from '../abi/compute.ts';
import type { LinkedFn } from '../abi/peers/peers.ts';
import { passedAs } from '../abi/compare/value.ts';
import type { FieldLayout, Layout } from '../abi/layout.types.ts';
import type { BindingDialect } from '../model/bindings/bindings.ts';
import {
  bindingFns,
  bindingReport,
  callbackDifference,
  comparedFn,
  isOfBindings,
  placeName,
  placesOf,
  rustPlace,
  signatureMessage,
} from './binding-fns.ts';
import type { Place } from './binding-fns.ts';
import type { RuleContext } from './rule.ts';

export const SIGNATURE_MESSAGES = {
  type: '{what} of `{name}` is `{mine}` in Rust, but `{theirs}` here',
  arity: '`{name}` takes {mine} in Rust, but {theirs} here',
  variadic: '`{name}` is variadic on one side only',
  nothing: '`{name}` returns `{mine}` in Rust, but `{theirs}` here',
  convention: '`{name}` has another calling convention here than in Rust',
  callback: '{what} of `{name}` is another function: {detail}',
  aggregate: '{what} of `{name}` is the struct `{mine}` by value, which Bun cannot pass',
  layout: '{what} of `{name}` is `{mine}`, but the struct here is laid out otherwise: {detail}',
} as const;

type Message = keyof typeof SIGNATURE_MESSAGES;

export const SIGNATURE_EXCEPTIONS = [
  'libraries that nothing links to a package of the workspace: neither their name, nor two of their symbols, nor the configuration',
  'types that are not known on one side, and tables that are computed',
  'the same width with the other sign, which is a hint for 32 and 64 bits',
  'a result that the declaration leaves out',
  'differences on targets that the runtime is not made for',
  'files that a tool has generated',
];

export function checkSignatures(ctx: RuleContext<Message>, dialect: BindingDialect): void {
  for (const linked of bindingFns(ctx, dialect)) {
    const made = dialect === 'bun' && byValue(ctx, linked) ? null : comparedFn(ctx, linked);
    if (!made) continue;
    const [first, ...others] = made.differences.filter((one) => one.here && isOfBindings(one));
    if (first) {
      const report = bindingReport(linked, first, others.length);
      const nothing = first.kind === 'return-missing' ? { ...report.data, mine: report.data['mine'] || '()' } : report.data;
      ctx.report(signatureMessage(first.kind), { ...report, data: nothing, help: 'declare it as Rust defines it' });
      continue;
    }
    for (const place of placesOf(linked, ctx)) {
      const message = callbackDifference(place);
      const layout = message === null && dialect === 'deno' ? structDifference(place) : null;
      const detail = message ?? layout;
      if (detail === null) continue;
      ctx.report(message === null ? 'layout' : 'callback', {
        at: place.peer.at,
        data: { what: placeName(linked, place.index), name: linked.peer.symbol, mine: place.rust.written, detail },
        related: [rustPlace(linked)],
        mirror: rustPlace(linked).at,
        help: message === null ? 'write the types of all fields in the order of the Rust struct' : 'write the types of the Rust fn pointer',
      });
      break;
    }
  }
}

/** bun:ffi has no type for a struct by value: whatever stands there, the call goes wrong. */
function byValue(ctx: RuleContext<Message>, linked: LinkedFn): boolean {
  const [target] = ctx.peers.targets;
  const mine = target ? ctx.peers.rustSignature(linked.rust, target) : null;
  if (!target || !mine || mine.doubt !== null) return false;
  for (const [index, one] of [...(mine.params ?? []), ...(mine.result ? [mine.result] : [])].entries()) {
    const value = passedAs(one.shape, 'rust', mine.resolve, target);
    if (value.kind !== 'aggregate' || value.def === null) continue;
    const at = index < (mine.params?.length ?? 0) ? index : null;
    ctx.report('aggregate', {
      at: linked.peer.at,
      data: { what: placeName(linked, at), name: linked.peer.symbol, mine: one.written },
      related: [rustPlace(linked)],
      mirror: rustPlace(linked).at,
      help: 'export a function that takes or fills the struct through a pointer',
    });
    return true;
  }
  return false;
}

/** Deno's structs have no names: their members must have the places and kinds of Rust's, one by one. */
function structDifference({ rust, peer, mine, theirs }: Place): string | null {
  const { target } = mine;
  const [a, b] = [passedAs(rust.shape, 'rust', mine.resolve, target), passedAs(peer.shape, 'c', theirs.resolve, target)];
  if (a.kind !== 'aggregate' || b.kind !== 'aggregate' || !a.def || !b.def) return null;
  const [own, other] = [computeLayout(a.def, mine.resolve, target), computeLayout(b.def, theirs.resolve, target)];
  if (own.kind === 'unknown' || other.kind === 'unknown' || a.def.kind !== 'struct') return null;
  const [left, right] = [leaves(own), leaves(other)];
  for (const [i, one] of left.entries()) {
    const two = right[i];
    if (!two) return `it has no member for \`${one.name}\``;
    const value = (field: FieldLayout, side: typeof mine, language: 'rust' | 'c'): string =>
      passedAs(field.shape, language, side.resolve, target).kind;
    if (one.offset !== two.offset) return `\`${one.name}\` is at offset ${one.offset ?? 0} in Rust and ${two.offset ?? 0} here`;
    if (one.size !== two.size) return `\`${one.name}\` has ${one.size} bytes in Rust and ${two.size} here`;
    const kinds = [value(one, mine, 'rust'), value(two, theirs, 'c')];
    if (kinds.includes('float') && kinds[0] !== kinds[1]) return `\`${one.name}\` is of another kind in Rust`;
  }
  return own.size === other.size ? null : `it has ${own.size} bytes in Rust and ${other.size} here`;
}

/** Members without members, an array's elements each for itself. */
function leaves({ fields }: Layout): readonly FieldLayout[] {
  const inner = fields.filter((one) => one.size > 0 && !fields.some((other) => other.name.startsWith(`${one.name}.`)));
  return inner.flatMap((one): readonly FieldLayout[] => {
    if (one.shape.kind !== 'array' || !one.shape.length || one.offset === null) return [one];
    const { element, length } = one.shape;
    const size = one.size / length;
    return Array.from({ length: Math.min(length, 256) }, (_, i) => ({
      ...one,
      name: `${one.name}[${i}]`,
      shape: element,
      size,
      offset: (one.offset ?? 0) + i * size,
    }));
  });
}
