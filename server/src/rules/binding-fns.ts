/** What the rules about JavaScript and C# share: the exported functions that a file declares, compared with the Rust code. */
import type { LinkedFn, ParamShape, Signature, WrittenShape } from '../abi/peers/peers.ts';
import type { DifferenceKind, TargetedDifference } from '../abi/peers/signature-differences.ts';
import type { Comparison } from '../abi/peers/signature-differences.ts';
import { compare } from '../abi/compare/compare.ts';
import { comparePointees } from '../abi/compare/pointees.ts';
import { severityOf } from '../abi/compare/severity.ts';
import { passedAs, soleMember } from '../abi/compare/value.ts';
import type { Value } from '../abi/compare/verdict.types.ts';
import { shapeText } from '../abi/shape-text.ts';
import { ANY_FUNCTION } from '../abi/bindings/names.ts';
import type { FnShape, Shape } from '../abi/shape.ts';
import type { BindingDialect } from '../model/bindings/bindings.ts';
import { comparisonOf } from './peer-signatures.ts';
import { count, targetList } from './peer-text.ts';
import type { At, Report, RuleContext } from './rule.ts';

type Context = Pick<RuleContext, 'unit' | 'bindings' | 'peers' | 'unresolved'>;

/** The functions of a unit that a person declares in a dialect. Generated files are nobody's to mend. */
export function bindingFns({ unit, bindings }: Pick<Context, 'unit' | 'bindings'>, dialect: BindingDialect): readonly LinkedFn[] {
  if ((unit.kind !== 'javascript' && unit.kind !== 'csharp') || unit.peer.generatedBy !== null) return [];
  return bindings
    .functionsIn(unit.path)
    .filter(({ peer, rust }) => peer.language === dialect && !rust.rewritten && !rust.item.test && !rust.item.inUnknownMacro);
}

/** What is compared of one function; null where a type is not known, which is counted. */
export function comparedFn(ctx: Context, linked: LinkedFn): Extract<Comparison, { kind: 'compared' }> | null {
  const made = comparisonOf(linked, ctx.peers);
  if (made.kind === 'compared') return { ...made, differences: made.differences.filter((one) => !isAlone(ctx, linked, one)) };
  // What Rust's own rules say of a Rust function is not said again.
  ctx.unresolved(linked.peer.symbol, made.reason, linked.peer.at);
  return null;
}

/**
 * A value that is alone in a struct goes where it would go by itself (System V, AAPCS64 and Windows x64 calling conventions): C# and koffi
 * name handles like this.
 */
function isAlone(ctx: Pick<RuleContext, 'peers'>, linked: LinkedFn, { kind, index }: TargetedDifference): boolean {
  if (kind !== 'by-value') return false;
  const places = placesOf(linked, ctx).filter((one) => one.index === index);
  return (
    places.length > 0 &&
    places.every(({ rust, peer, mine, theirs }) => {
      const { target } = mine;
      const value = passedAs(peer.shape, 'c', theirs.resolve, target);
      const fields = value.kind === 'aggregate' && value.def?.kind === 'struct' ? value.def.fields : [];
      const [only, ...others] = fields;
      if (!only || others.length > 0 || only.bitWidth !== null || target.rust.pointer.size !== 8) return false;
      const { code } = compare({ shape: rust.shape, resolve: mine.resolve }, { shape: only.shape, resolve: theirs.resolve }, target);
      return code === 'ok' || code === 'sign' || code === 'pointer-integer' || code === 'value-range';
    })
  );
}

/** Of those that count here: what callers may leave out, and who writes to what, is not said by such declarations. */
export function isOfBindings({ kind, severity }: TargetedDifference): boolean {
  return kind !== 'return-ignored' && kind !== 'const' && severity !== 'info';
}

export function rustPlace({ rust }: LinkedFn): { readonly at: At; readonly message: string } {
  return { at: { file: rust.item.file, span: rust.ast.nameSpan }, message: `\`${rust.item.name}\` is defined here` };
}

/** `` `length` ``, the name that Rust gives a parameter, or its number; `the result` for null. */
export function placeName({ rust, peer }: LinkedFn, index: number | null): string {
  if (index === null) return 'the result';
  const name = rust.ast.params[index]?.name ?? peer.signatures[0]?.params?.[index]?.name;
  return name == null ? `parameter ${index + 1}` : `\`${name}\``;
}

export type SignatureMessage = 'type' | 'arity' | 'variadic' | 'nothing' | 'convention';

export function signatureMessage(kind: DifferenceKind): SignatureMessage {
  switch (kind) {
    case 'arity':
    case 'variadic':
      return kind;
    case 'return-missing':
      return 'nothing';
    case 'calling-convention':
      return 'convention';
    default:
      return 'type';
  }
}

const SHORT = 40;

/** One difference as a report at the place where the peer is written. */
export function bindingReport(
  linked: LinkedFn,
  one: TargetedDifference,
  others: number,
): Report & { readonly data: Record<string, string> } {
  const { rust, peer } = linked;
  const short = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text);
  const arity = one.kind === 'arity';
  const mine = arity ? count(rust.ast.params.length, 'parameter') : short(one.rust?.written ?? '');
  const theirs = arity ? String(peer.signatures[0]?.params?.length ?? 0) : short(one.peer?.written ?? '');
  const notes = [
    one.everywhere ? '' : `on ${targetList(one.targets)}`,
    others > 0 ? `${others} more ${others === 1 ? 'difference' : 'differences'} in this declaration` : '',
  ].filter((text) => text !== '');
  return {
    at: one.peer?.at ?? peer.at,
    data: { name: peer.symbol, what: placeName(linked, one.index), mine, theirs },
    related: [rustPlace(linked)],
    mirror: rustPlace(linked).at,
    severity: one.severity,
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

/** A place of both signatures on one target. */
export interface Place {
  readonly index: number | null;
  readonly rust: WrittenShape;
  readonly peer: WrittenShape | ParamShape;
  readonly mine: Signature;
  readonly theirs: Signature;
}

/** The places of both signatures, for each target that findings are for; empty where they are not alike, or in doubt. */
export function placesOf({ rust, peer }: LinkedFn, { peers }: Pick<RuleContext, 'peers'>): readonly Place[] {
  const out: Place[] = [];
  for (const target of peers.targets) {
    const mine = peers.rustSignature(rust, target);
    const [theirs, ...others] = peer.signatures.filter((one) => one.target.triple === target.triple);
    if (!mine || mine.doubt !== null || !theirs || others.length > 0) continue;
    if (mine.params && theirs.params && mine.params.length === theirs.params.length) {
      for (const [index, one] of mine.params.entries()) {
        const other = theirs.params[index];
        if (other) out.push({ index, rust: one, peer: other, mine, theirs });
      }
    }
    if (mine.result && theirs.result) out.push({ index: null, rust: mine.result, peer: theirs.result, mine, theirs });
  }
  return out;
}

/** Why a callback of the peer is not what Rust calls; null where it is, or where one side is not known. */
export function callbackDifference({ rust, peer, mine, theirs }: Place): string | null {
  const { target } = mine;
  const [a, b] = [passedAs(rust.shape, 'rust', mine.resolve, target), passedAs(peer.shape, 'c', theirs.resolve, target)];
  const own: FnShape | null = a.kind === 'pointer' ? a.shape.fn : null;
  const other: FnShape | null = b.kind === 'pointer' ? b.shape.fn : null;
  if (!own || !other || own.variadic || b.kind !== 'pointer' || b.shape === ANY_FUNCTION) return null;
  if (own.params.length !== other.params.length) {
    return `Rust calls it with ${count(own.params.length, 'argument')}, but it takes ${other.params.length}`;
  }
  const differs = (one: Shape, two: Shape, reader: 'rust' | 'peer'): boolean => {
    const sides = [
      { shape: one, resolve: mine.resolve },
      { shape: two, resolve: theirs.resolve },
    ] as const;
    const direct = compare(...sides, target);
    // A word that is alone in a struct goes where it would go by itself.
    const bare = (value: Value, language: 'rust' | 'c', side: Signature): Value | null =>
      value.kind === 'aggregate' ? soleMember(value, language, side.resolve, target) : value;
    if (target.rust.pointer.size === 8 && isWord(bare(direct.rust, 'rust', mine)) && isWord(bare(direct.peer, 'c', theirs))) {
      if (direct.rust.kind === 'aggregate' || direct.peer.kind === 'aggregate') return false;
    }
    const verdict = direct.code === 'ok' && direct.rust.kind === 'pointer' ? comparePointees(...sides, target) : direct;
    return severityOf(verdict, reader) === 'error';
  };
  for (const [i, param] of own.params.entries()) {
    const theirParam = other.params[i];
    if (theirParam && differs(param, theirParam, 'peer')) return `Rust gives it \`${shapeText(param, 'rust')}\` as argument ${i + 1}`;
  }
  const nothing = (shape: Shape, side: Signature, language: 'rust' | 'c'): boolean =>
    passedAs(shape, language, side.resolve, target).kind === 'nothing';
  if (nothing(own.result, mine, 'rust')) return null;
  if (nothing(other.result, theirs, 'c') || differs(own.result, other.result, 'rust')) {
    return `Rust expects \`${shapeText(own.result, 'rust')}\` of it`;
  }
  return null;
}

/** As wide as a pointer, on a target with 64 bits. */
function isWord(value: Value | null): boolean {
  return value?.kind === 'pointer' || (value?.kind === 'integer' && value.size === 8);
}
