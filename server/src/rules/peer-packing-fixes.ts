/** Edits that pack a type alike on both sides: the peer as Rust does, or Rust as the peer does. */
import type { Divergence } from '../abi/peers/layout-differences.ts';
import { basename } from '../base/paths.ts';
import type { LayoutFinding } from './peer-layouts.ts';
import { placeBehind } from './peer-layout-asserts.ts';
import type { Fix, RuleContext } from './rule.ts';

type Ctx = Pick<RuleContext, 'workspace' | 'text'>;
type Packing = Extract<Divergence, { what: 'packing' }>;

/** Unsafe: which side is right, only people know. None where the packing is not written beside the type. */
export function packAlike(finding: LayoutFinding, first: Packing, ctx: Ctx): readonly Fix[] {
  const inPeer = packPeer(finding, first, ctx);
  const inRust = packRust(finding, first, ctx);
  return [inPeer, inRust].filter((fix) => fix !== null);
}

/** The Rust type laid out under the peer's packing is what the peer is: that was tried before it was told. */
function packRust({ pair: { rust, peer } }: LayoutFinding, { peer: packing }: Packing, { workspace }: Ctx): Fix | null {
  const ast = workspace.ast(rust);
  const attribute = ast?.attributes.find(({ path, condition, args }) => path === 'repr' && condition === null && args !== null);
  const hints = attribute?.args ?? [];
  const own = hints.find(({ name }) => name === 'packed');
  const layout = hints.find(({ name }) => name === 'C');
  const all = ast?.attributes.filter(({ path }) => path === 'repr') ?? [];
  // No type is packed and aligned at once, and what a condition says of it is not to be guessed.
  if (!layout || all.length > 1 || hints.some(({ name }) => name === 'align')) return null;
  const written = packing === null ? '' : packing === 1 ? 'packed' : `packed(${packing})`;
  const text = workspace.text(rust.file);
  const at = own?.span ?? { start: layout.span.end, end: layout.span.end };
  const before = own && written === '' ? (/,\s*$/.exec(text.slice(0, at.start))?.[0].length ?? 0) : 0;
  const behind = own && written === '' && before === 0 ? (/^\s*,\s*/.exec(text.slice(at.end))?.[0].length ?? 0) : 0;
  const span = { start: at.start - before, end: at.end + behind };
  const name = rust.name.replace(/^r#/, '');
  return {
    title: `${written === '' ? 'do not pack' : 'pack'} \`${name}\` in Rust, as in \`${basename(peer.file)}\``,
    safe: false,
    edits: [{ file: rust.file.path, span, text: own || written === '' ? written : `, ${written}` }],
  };
}

/** Where a class or a record says nothing of packing so far, or a class says it in a line of its own. */
function packPeer({ pair: { peer } }: LayoutFinding, { rust: packing, peer: before }: Packing, ctx: Ctx): Fix | null {
  const text = ctx.text(peer.file);
  const make = (edits: readonly { readonly start: number; readonly end: number; readonly text: string }[]): Fix => ({
    title: `${packing === null ? 'do not pack' : 'pack'} \`${peer.name}\` in \`${basename(peer.file)}\`, as in Rust`,
    safe: false,
    edits: edits.map(({ start, end, text: by }) => ({ file: peer.file, span: { start, end }, text: by })),
  });
  if (peer.language === 'ctypes') {
    const line = packLine(text, peer.at.span.end, before === null ? '_fields_' : '_pack_');
    if (!line) return null;
    const by = packing === null ? '' : `${line.indent}_pack_ = ${packing}\n`;
    return make([{ start: line.start, end: before === null ? line.start : line.end, text: by }]);
  }
  if (peer.language !== 'c' || before !== null || packing === null) return null;
  const start = startOfC(text, peer.at.span.start);
  const end = start === null ? null : placeBehind(text, peer.at.span.end, 'c');
  if (start === null || end === null) return null;
  return make([
    { start, end: start, text: `#pragma pack(push, ${packing})\n` },
    { start: end, end, text: '\n#pragma pack(pop)' },
  ]);
}

/** The line of a class that sets a name to something, its indentation apart; null where it is not close behind the class's name. */
function packLine(
  text: string,
  from: number,
  name: string,
): { readonly start: number; readonly end: number; readonly indent: string } | null {
  const found = new RegExp(`^[^\\n]*\\n(?:(?![ \\t]*class\\b)[^\\n]*\\n){0,12}?([ \\t]+)${name}\\s*=[^\\n]*\\n?`).exec(text.slice(from));
  const indent = found?.[1];
  if (!found || indent === undefined) return null;
  const end = from + found[0].length;
  const start = text.lastIndexOf('\n', end - 2) + 1;
  return { start, end, indent };
}

/** The start of the line on which the declaration of a record begins that is named at an offset; null where it does not begin a line. */
function startOfC(text: string, name: number): number | null {
  const before = text.slice(0, name);
  const close = before.trimEnd().endsWith('}') ? before.lastIndexOf('{') : before.length;
  const found = /(?:^|\n)((?:typedef\s+)?(?:struct|union)\s*\w*\s*)$/.exec(before.slice(0, close));
  return found ? close - (found[1]?.length ?? 0) : null;
}
