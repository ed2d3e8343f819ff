/** Ways in which a Rust struct or enum comes to differ from the definition that it agreed with. */
import { compareLayouts } from '../../../server/src/abi/peers/layout-differences.ts';
import { enumPairs } from '../../../server/src/abi/peers/enum-pairs.ts';
import type { LinkedType, Peers } from '../../../server/src/abi/peers/peers.ts';
import { passedAs } from '../../../server/src/abi/compare/value.ts';
import { computeLayout } from '../../../server/src/abi/compute.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Snapshot } from '../../../server/src/engine/session.types.ts';
import type { RustItem } from '../../../server/src/model/workspace.ts';
import type { Span } from '../../../server/src/base/text.ts';
import type { PairMutation } from './functions.ts';

/** Pairs of records that are laid out alike on a target. */
export function cleanRecords({ peers }: Snapshot, target: Target): readonly LinkedType[] {
  return peers.types.filter(({ rust, peer }) => {
    const other = peer.defs.get(target.triple);
    return other !== undefined && !peer.isOpaque && compareLayouts(peers.rustDef(rust, target), other, target).kind === 'same';
  });
}

export function recordMutations({ rust }: LinkedType, { workspace, peers }: Snapshot, target: Target): readonly PairMutation[] {
  const ast = workspace.ast(rust);
  const { def, resolve } = peers.rustDef(rust, target);
  if ((ast?.kind !== 'struct' && ast?.kind !== 'union') || ast.shape !== 'named' || def.kind === 'unknown' || def.kind === 'enum')
    return [];
  const text = workspace.text(rust.file);
  const out: PairMutation[] = [];
  const layout = computeLayout(def, resolve, target);
  if (layout.kind !== 'layout') return [];
  const [first, second] = ast.fields;
  const written = (field: typeof first): string => (field ? text.slice(field.nameSpan.start, field.type.span.end) : '');
  const last = ast.fields.at(-1);
  const [a, b] = layout.fields;
  if (ast.kind === 'struct' && first && second && a && b && a.size !== null && b.size !== null && a.size > 0 && b.size > 0) {
    const start = first.nameSpan.start;
    const between = text.slice(first.type.span.end, second.nameSpan.start);
    out.push({
      kind: 'swap two fields',
      span: { start, end: second.type.span.end },
      text: `${written(second)}${between}${written(first)}`,
    });
  }
  if (ast.kind === 'struct' && first && second && last && (layout.fields.at(-1)?.size ?? 0) > 0)
    out.push({ kind: 'drop a field', span: withComma(last.span, text), text: '' });
  for (const [i, field] of ast.fields.entries()) {
    const shape = def.fields[i]?.shape;
    const value = shape ? passedAs(shape, 'rust', resolve, target) : null;
    if (value?.kind !== 'integer' || value.of === 'enum') continue;
    const other = value.size === 8 ? 4 : value.size * 2;
    const kind = other > value.size ? 'wider field' : 'narrower field';
    out.push({ kind, span: field.type.span, text: `${value.signed ? 'i' : 'u'}${other * 8}` });
    break;
  }
  const head = text.slice(rust.entry.span.start, ast.nameSpan.start);
  const repr = /repr\s*\(\s*C\s*\)/.exec(head);
  if (repr) {
    const start = rust.entry.span.start + repr.index;
    const span = { start, end: start + repr[0].length };
    const packed = computeLayout({ ...def, packed: 1 }, resolve, target);
    if (packed.kind === 'layout' && packed.size !== layout.size) out.push({ kind: 'pack', span, text: 'repr(C, packed)' });
  }
  return out;
}

/** The last variant gets another value, or a variant is dropped. */
export function enumMutations(snapshot: Snapshot): readonly { readonly rust: RustItem; readonly mutations: readonly PairMutation[] }[] {
  const { workspace, surface, peers } = snapshot;
  return enumPairs(workspace, surface, peers as Peers).flatMap(({ rust, rustDef, peerDef, matched }) => {
    const ast = workspace.ast(rust);
    const agrees = rustDef.variants.every(({ name, value }) =>
      peerDef.variants.some((one) => one.name === matched.get(name) && one.value === value),
    );
    if (ast?.kind !== 'enum' || !agrees || rustDef.variants.length !== peerDef.variants.length) return [];
    const last = ast.variants.at(-1);
    const value = rustDef.variants.at(-1)?.value;
    if (!last || value == null || ast.variants.length < 3) return [];
    return [
      {
        rust,
        mutations: [
          { kind: 'other value of a variant', span: last.span, text: `${last.name} = ${value + 1n}` },
          { kind: 'drop a variant', span: withComma(last.span, workspace.text(rust.file)), text: '' },
        ],
      },
    ];
  });
}

function withComma({ start, end }: Span, text: string): Span {
  return { start, end: end + (/^\s*,/.exec(text.slice(end, end + 100))?.[0].length ?? 0) };
}
