/** Reads a preprocessed header into plain data: types, typedefs, functions and variables. */
import type { Span } from '../../../base/text.ts';
import { takeAnnotations } from '../../../syntax/c/annotations.ts';
import type { Preprocessed } from '../../../syntax/c/output.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { isTooDeep } from '../../../syntax/tree-walk.ts';
import { textOf } from '../../../syntax/c/tokens.ts';
import { NO_ATTRIBUTES } from '../../c/ast.ts';
import type { CTypedef, CUnit } from '../../c/ast.ts';
import { blankMacros } from './blank-macros.ts';
import { annotationsIn, behindSpace, childrenOf, frontOfSpace, isBroken } from './context.ts';
import type { Collected, LowerContext } from './context.ts';
import { drop } from './drop.ts';
import { readTypeName } from './expression.ts';
import type { KeptGroups } from './kept-groups.ts';
import { lowerDeclaration } from './lower-declaration.ts';
import { maskForGrammar } from './mask.ts';
import { cutPieces, groupPieces } from './pieces.ts';
import { isCxx, plainCxx } from './plain-cxx.ts';

/** UTF-16 units that are parsed at a time. */
const GROUP = 32 << 10;
/** A declaration longer than this is not parsed: braces that never close would make one of all that follows. */
const LONGEST = 1 << 20;

/** `kept`: what groups of declarations were lowered to before. */
export function readUnit(file: string, source: Preprocessed, parsers: Parsers, kept: KeptGroups | null = null): CUnit {
  const cxx = isCxx(file);
  const { text: clean, annotations } = takeAnnotations(cxx ? plainCxx(source.text) : source.text);
  const { text, spans } = cutPieces(clean);
  const all = nothing();
  for (const name of source.typesInDoubt.keys()) all.typeNames.add(name);
  const reader = { text, source, annotations, parsers, isType: (name: string) => all.typeNames.has(name) };
  const fileOf = ({ start }: Span): string => source.place(behindSpace({ text }, start)).file;
  for (const group of groupPieces(spans, GROUP, fileOf)) {
    const [first] = group;
    const last = group.at(-1);
    if (first && last) add(all, lowerGroup(reader, group, { start: first.start, end: last.end }, kept));
  }
  return {
    file,
    cxx,
    definitions: all.definitions,
    typedefs: [...all.typedefs, ...macroTypedefs(source, reader.isType)],
    symbols: all.symbols,
    mentions: [...all.mentions.values()],
    dropped: all.dropped,
    missing: [...source.missing.keys()],
    files: source.files,
    cut: source.cut,
    undecided: source.undecided,
  };
}

function macroTypedefs({ typesInDoubt }: Preprocessed, isType: (name: string) => boolean): readonly CTypedef[] {
  return [...typesInDoubt].flatMap(([name, macros]) =>
    macros.map(({ body, at, unsettled }): CTypedef => {
      const doubt = unsettled ?? `\`${name}\` may be defined otherwise`;
      const type = readTypeName(textOf(body), isType) ?? { kind: 'unknown', reason: doubt };
      const span = { start: at?.offset ?? 0, end: at?.offset ?? 0 };
      return { name, type, attributes: NO_ATTRIBUTES, at: { file: at?.file ?? '<built-in>', span }, doubt, macro: true };
    }),
  );
}

function nothing(): Collected {
  return { definitions: [], typedefs: [], symbols: [], mentions: new Map(), dropped: [], typeNames: new Set() };
}

function add(all: Collected, { definitions, typedefs, symbols, mentions, dropped, typeNames }: Collected): void {
  for (const one of definitions) all.definitions.push(one);
  for (const one of typedefs) all.typedefs.push(one);
  for (const one of symbols) all.symbols.push(one);
  for (const [key, one] of mentions) if (!all.mentions.has(key)) all.mentions.set(key, one);
  for (const one of dropped) all.dropped.push(one);
  for (const name of typeNames) all.typeNames.add(name);
}

interface Reader extends Pick<LowerContext, 'text' | 'source' | 'annotations'> {
  readonly parsers: Parsers;
  /** The name of a typedef in front of the group. */
  isType(name: string): boolean;
}

function lowerGroup(reader: Reader, group: readonly Span[], span: Span, kept: KeptGroups | null): Collected {
  const { text, source } = reader;
  const around = weighty(reader, span);
  const marks = annotationsIn(reader, around).map((one) => JSON.stringify({ ...one, at: one.at - around.start }));
  const trace = kept && source.trace ? [...marks, source.trace(around.start, around.end)].join('\n') : null;
  const own = text.slice(around.start, around.end);
  const known = trace === null ? null : kept?.get(own, trace, reader.isType);
  if (known) return known;
  const asked = new Map<string, boolean>();
  const isType = (name: string): boolean => {
    const is = reader.isType(name);
    asked.set(name, is);
    return is;
  };
  const lowered = lowerAnew({ ...reader, isType }, group, span);
  if (trace !== null) kept?.set(own, trace, asked, lowered);
  return lowered;
}

/** Annotations and doubts in the white space around a group count as well; without them, how much there is depends on who includes the file. */
function weighty(reader: Reader, { start, end }: Span): Span {
  const inner = { start: behindSpace(reader, start), end: frontOfSpace(reader, end) };
  const whole = { start: frontOfSpace(reader, start), end: behindSpace(reader, end) };
  const says = (from: number, to: number): boolean =>
    annotationsIn(reader, { start: from, end: to }).length > 0 || reader.source.doubt(from, to) !== null;
  return says(whole.start, inner.start) || says(inner.end, whole.end) ? whole : inner;
}

function lowerAnew({ text, source, annotations, parsers, isType }: Reader, group: readonly Span[], span: Span): Collected {
  const collected = nothing();
  const contextOf = ({ start, end }: Span): LowerContext => ({
    ...collected,
    tree: parsers.parse('c', maskForGrammar(text.slice(start, end)), start),
    text,
    source,
    annotations,
    isType: (name) => collected.typeNames.has(name) || isType(name),
  });

  /** Without what looks like macros, for functions alone: a macro on a type may change its layout. False where that does not help. */
  const lowerBlanked = (broken: LowerContext, one: Span): boolean => {
    const blanked = blankMacros(text, one, broken.isType);
    if (!blanked || isTooDeep(broken.tree)) return false;
    const found: Collected = { ...nothing(), typeNames: collected.typeNames };
    const tree = parsers.parse('c', maskForGrammar(blanked.text), one.start);
    const context: LowerContext = { ...broken, ...found, tree };
    if (isBroken(tree, 0)) return false;
    lowerAll(context, 0);
    const functions = found.symbols.filter(({ type }) => type.kind === 'function');
    const doubt = `\`${blanked.macros[0]}\` may be a macro, which is not defined in what was read`;
    collected.symbols.push(...functions.map((symbol) => ({ ...symbol, doubt: symbol.doubt ?? doubt })));
    return functions.length > 0 && found.definitions.length === 0;
  };

  if (span.end - span.start > LONGEST) {
    drop(collected, source, text, group[0] ?? span);
    return collected;
  }
  const together = contextOf(span);
  if (!together.tree.hasError(0) && !isTooDeep(together.tree)) lowerAll(together, 0);
  else
    for (const one of group) {
      const context = group.length === 1 ? together : contextOf(one);
      if (!lowerIfClear(context) && !lowerBlanked(context, one)) drop(collected, source, text, one);
    }
  return collected;
}

function lowerAll(context: LowerContext, node: NodeId): void {
  for (const child of childrenOf(context.tree, node)) lowerDeclaration(context, child);
}

/** Of a piece with errors, declarations that stand beside them on other lines are kept. False where nothing could be. */
function lowerIfClear(context: LowerContext): boolean {
  const { tree } = context;
  if (isTooDeep(context.tree)) return false;
  if (!isBroken(tree, 0)) {
    lowerAll(context, 0);
    return true;
  }
  const children = [...childrenOf(tree, 0)];
  const bodies = children.filter((child) => tree.kind(child) === 'function_definition');
  const rest = children.filter((child) => !bodies.includes(child));
  // An error inside of a function's body concerns nothing else.
  if (bodies.length === 0 || rest.some((child) => isBroken(tree, child))) return false;
  for (const child of children) lowerDeclaration(context, child);
  return true;
}
