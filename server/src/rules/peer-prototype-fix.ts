/** Edits of a header that declare a Rust function as Rust has it, behind what is declared there already. */
import type { PeerFile, WrittenShape } from '../abi/peers/peers.ts';
import { basename } from '../base/paths.ts';
import { cPrototypeOf } from '../generate/members.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import { peerNames } from './peer-layout-fixes.ts';
import type { Fix, RuleContext } from './rule.ts';

/** Unsafe: whether C should see the function at all, only people know. None where the header has no name for a type of its own. */
export function declareIn(header: PeerFile, fn: BoundaryFn, ctx: Pick<RuleContext, 'peers' | 'text'>): readonly Fix[] {
  const [target] = ctx.peers.targets;
  const signature = target ? ctx.peers.rustSignature(fn, target) : null;
  const last = header.functions.findLast(
    ({ signatures, internal, defined }) => !internal && !defined && signatures.every(({ doubt }) => doubt === null),
  );
  if (fn.symbol === null || !signature?.params || !signature.result || signature.doubt !== null || !last) return [];
  if ([...signature.params, signature.result].some(isLost)) return [];
  const text = ctx.text(header.path);
  const end = text.indexOf(';', last.at.span.end);
  if (end < 0 || /[{}#]/.test(text.slice(last.at.span.end, end))) return [];
  const prototype = cPrototypeOf(
    {
      symbol: fn.symbol,
      shape: {
        abi: signature.convention,
        params: signature.params.map(({ shape }) => shape),
        result: signature.result.shape,
        variadic: signature.variadic,
      },
      names: signature.params.map(({ name }, i) => name?.replace(/^r#|^_+(?=[a-z])/i, '') ?? `arg${i}`),
      docs: '',
    },
    signature.resolve,
    peerNames({ language: 'c', file: header.path }, ctx),
  );
  if (prototype === null) return [];
  const known =
    ctx.peers
      .around(header.path)
      .map((file) => ctx.text(file))
      .join('\n') + text;
  const spelled = withKnownNames(prototype.trimEnd(), known);
  if (spelled === null) return [];
  const line = text.slice(text.lastIndexOf('\n', last.at.span.start) + 1, last.at.span.start);
  // What others of the header have in front: `extern`, or a macro that exports them.
  const before = /^\s*(?:extern\s+)?(?:[A-Z][A-Z\d_]{2,}(?:\([^()]*\))?\s+)?/.exec(line)?.[0] ?? '';
  const rest = text.indexOf('\n', end);
  const at = rest < 0 ? text.length : rest;
  const edit = { file: header.path, span: { start: at, end: at }, text: `\n${before}${spelled}` };
  return [{ title: `declare \`${fn.symbol}\` in \`${basename(header.path)}\``, safe: false, edits: [edit] }];
}

/** A pointer of which it is not known what it leads to, although Rust says so. */
function isLost({ shape, written }: WrittenShape): boolean {
  return shape.kind === 'pointer' && shape.pointee === null && shape.fn === null && !/\bc_void\b|\(\)/.test(written);
}

/** C's own types of these widths, on all targets that Rust has with an `int` of 32 bits. */
const PLAIN: Readonly<Record<string, string>> = {
  int8_t: 'signed char',
  uint8_t: 'unsigned char',
  int16_t: 'short',
  uint16_t: 'unsigned short',
  int32_t: 'int',
  uint32_t: 'unsigned int',
  int64_t: 'long long',
  uint64_t: 'unsigned long long',
  bool: '_Bool',
};

/** With C's own words where the header does not include what defines the others; null where it has none for a type. */
function withKnownNames(prototype: string, text: string): string | null {
  const has = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  const needed = [...new Set(prototype.match(/\b(?:u?int\d+_t|bool|size_t|ssize_t|u?intptr_t|ptrdiff_t|wchar_t|wint_t)\b/g) ?? [])];
  const missing = needed.filter((name) => {
    if (has(name)) return false;
    if (name === 'bool') return !has('stdbool\\.h');
    return !(/int/.test(name) && !/^w/.test(name) ? has('(?:stdint|inttypes)\\.h') : has('(?:stddef|stdlib|stdio|string)\\.h'));
  });
  if (missing.some((name) => PLAIN[name] === undefined)) return null;
  return missing.reduce((out, name) => out.replace(new RegExp(`\\b${name}\\b`, 'g'), PLAIN[name] ?? name), prototype);
}
