/** Static assertions in a peer's file: what holds where both sides agree fails the build, or the import, where they part. */
import { computeLayout } from '../abi/compute.ts';
import type { FieldLayout, Layout } from '../abi/layout.types.ts';
import type { PeerLanguage } from '../abi/peers/peers.ts';
import type { Target } from '../abi/targets.ts';
import { basename } from '../base/paths.ts';
import type { LayoutFinding } from './peer-layouts.ts';
import type { Fix, RuleContext } from './rule.ts';

type Ctx = Pick<RuleContext, 'peers' | 'text'>;

/** One figure of the peer that is the same on all targets that are checked, and another one where the two sides part. */
interface Parting {
  /** null for the type itself. */
  readonly field: string | null;
  readonly what: 'size' | 'offset';
  readonly here: number;
}

/** Whether the peer's file asserts a figure on which the two sides part: a build for the other target then fails there. */
export function isAsserted(finding: LayoutFinding, ctx: Ctx): boolean {
  const { peer } = finding.pair;
  const text = ctx.text(peer.file);
  if (!/\bassert\b|static_assert/i.test(text)) return false;
  const name = `(?:struct\\s+|union\\s+)?${peer.name}`;
  return partings(finding, ctx).some(({ field, what }) => {
    const whole = `\\bsizeof\\s*\\(\\s*${name}\\s*\\)`;
    const member = peer.language === 'c' ? `${name}\\b[^;]*\\b${field}\\b` : `\\b${peer.name}\\.${field}\\.${what}\\b`;
    const begin = peer.language === 'c' ? '\\b_?[Ss]tatic_assert\\s*\\([^;]*' : '^\\s*assert\\b[^\\n]*';
    return new RegExp(`${begin}${field === null ? whole : member}[^;\\n]*==`, 'm').test(text);
  });
}

/** Unsafe: the build for the other target, which may run, ends there. None where a header cannot say it without more headers. */
export function assertPeer(finding: LayoutFinding, ctx: Ctx): readonly Fix[] {
  const { peer } = finding.pair;
  const text = ctx.text(peer.file);
  const place = placeBehind(text, peer.at.span.end, peer.language);
  const [assertion] = partings(finding, ctx).flatMap((one) => textOf(one, finding, text) ?? []);
  if (place === null || assertion === undefined) return [];
  const edit = { file: peer.file, span: { start: place, end: place }, text: assertion };
  return [{ title: `assert in \`${basename(peer.file)}\` what holds of \`${peer.name}\` here`, safe: false, edits: [edit] }];
}

/** The size of the whole first, which needs no other header to be asserted. */
function partings({ pair, comparison, first }: LayoutFinding, { peers }: Ctx): readonly Parting[] {
  const layouts = peers.targets.map((target) => layoutOn(pair.peer, target));
  const [own] = layouts;
  if (!own || layouts.some((one) => one === null)) return [];
  const there = comparison.peer;
  const figures = (of: (layout: Layout) => number | null): number | null => {
    const here = of(own);
    const same = layouts.every((one) => one !== null && of(one) === here);
    return here !== null && same && of(there) !== here ? here : null;
  };
  const named = 'peer' in first && typeof first.peer === 'object' && first.peer !== null ? first.peer.name : null;
  const member = (layout: Layout): FieldLayout | null => layout.fields.find(({ name }) => name === named) ?? null;
  const size = figures((layout) => layout.size);
  const memberSize = figures((layout) => (member(layout)?.bitWidth === null ? (member(layout)?.size ?? null) : null));
  const offset = figures((layout) => member(layout)?.offset ?? null);
  return [
    ...(size === null ? [] : [{ field: null, what: 'size', here: size } as const]),
    ...(memberSize === null ? [] : [{ field: named, what: 'size', here: memberSize } as const]),
    ...(offset === null ? [] : [{ field: named, what: 'offset', here: offset } as const]),
  ];
}

function layoutOn({ defs }: LayoutFinding['pair']['peer'], target: Target): Layout | null {
  const found = defs.get(target.triple);
  const layout = !found || found.def.kind === 'unknown' ? null : computeLayout(found.def, found.resolve, target);
  return layout?.kind === 'layout' ? layout : null;
}

function textOf({ field, what, here }: Parting, { pair: { peer, rust } }: LayoutFinding, text: string): string | null {
  if (peer.language === 'ctypes') {
    const prefix = /^import ctypes$/m.test(text) ? 'ctypes.' : /^from ctypes import \*/m.test(text) ? '' : null;
    if (field !== null) return `\n\nassert ${peer.name}.${field}.${what} == ${here}`;
    return prefix === null ? null : `\n\nassert ${prefix}sizeof(${peer.name}) == ${here}`;
  }
  if (peer.language !== 'c' || (what === 'offset' && !/^\s*#\s*include\s*<stddef\.h>/m.test(text))) return null;
  const spelled = new RegExp(`\\}[^;{}]*\\b${peer.name}\\s*;`).test(text) ? peer.name : `${peer.kind} ${peer.name}`;
  const figure =
    field === null ? `sizeof(${spelled})` : what === 'size' ? `sizeof(((${spelled} *)0)->${field})` : `offsetof(${spelled}, ${field})`;
  const line = `_Static_assert(${figure} == ${here}, "as in ${rust.name.replace(/^r#/, '')} of Rust");\n`;
  return `\n${/\b__cplusplus\b/.test(text) ? `#ifndef __cplusplus\n${line}#endif\n` : line}`.replace(/\n$/, '');
}

/** Behind the definition of the record or class that is named in front of an offset; null where its end is not plain. */
export function placeBehind(text: string, name: number, language: PeerLanguage): number | null {
  if (language === 'ctypes') {
    // A class inside of another ends where that one does not.
    if (!/^class\s+\w*$/.test(text.slice(text.lastIndexOf('\n', name - 1) + 1, name))) return null;
    const next = /\n(?=\S)/.exec(text.slice(name));
    return text.slice(0, next ? name + next.index : text.length).trimEnd().length;
  }
  const open = /^\s*\{/.exec(text.slice(name));
  let at = open ? name + open[0].length : name;
  for (let depth = open ? 1 : 0; depth > 0 && at < text.length; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
  }
  const end = /^[^;{}]*;/.exec(text.slice(at));
  return end ? at + end[0].length : null;
}
