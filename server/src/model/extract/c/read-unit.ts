/** Reads a preprocessed header into plain data: types, typedefs, functions and variables. */
import type { Span } from '../../../base/text.ts';
import { takeAnnotations } from '../../../syntax/c/annotations.ts';
import type { Preprocessed } from '../../../syntax/c/output.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import type { CUnit } from '../../c/ast.ts';
import { blankMacros } from './blank-macros.ts';
import { childrenOf, isBroken } from './context.ts';
import type { Collected, LowerContext } from './context.ts';
import { drop } from './drop.ts';
import { lowerDeclaration } from './lower-declaration.ts';
import { maskForGrammar } from './mask.ts';
import { cutPieces, groupPieces } from './pieces.ts';
import { isCxx, plainCxx } from './plain-cxx.ts';

/** UTF-16 units that are parsed at a time. */
const GROUP = 32 << 10;
/** A declaration longer than this is not parsed: braces that never close would make one of all that follows. */
const LONGEST = 1 << 20;

export function readUnit(file: string, source: Preprocessed, parsers: Parsers): CUnit {
  const cxx = isCxx(file);
  const { text: clean, annotations } = takeAnnotations(cxx ? plainCxx(source.text) : source.text);
  const { text, spans } = cutPieces(clean);
  const masked = maskForGrammar(text);
  const collected: Collected = { definitions: [], typedefs: [], symbols: [], mentions: new Map(), dropped: [], typeNames: new Set() };
  const contextOf = (span: Span): LowerContext => ({
    ...collected,
    tree: parsers.parse('c', masked.slice(span.start, span.end), span.start),
    text,
    source,
    annotations,
    isType: (name) => collected.typeNames.has(name),
  });

  /** Without what looks like macros, for functions alone: a macro on a type may change its layout. False where that does not help. */
  const lowerBlanked = (broken: LowerContext, span: Span): boolean => {
    const blanked = blankMacros(text, span, broken.isType);
    if (!blanked || isDeep(broken)) return false;
    const found: Collected = { ...collected, definitions: [], typedefs: [], symbols: [], mentions: new Map(), dropped: [] };
    const tree = parsers.parse('c', maskForGrammar(blanked.text), span.start);
    const context: LowerContext = { ...broken, ...found, tree };
    if (isBroken(tree, 0)) return false;
    lowerAll(context, 0);
    const functions = found.symbols.filter(({ type }) => type.kind === 'function');
    const doubt = `\`${blanked.macros[0]}\` may be a macro, which is not defined in what was read`;
    collected.symbols.push(...functions.map((one) => ({ ...one, doubt: one.doubt ?? doubt })));
    return functions.length > 0 && found.definitions.length === 0;
  };

  for (const group of groupPieces(spans, GROUP)) {
    const [first] = group;
    const last = group.at(-1);
    if (!first || !last) continue;
    if (last.end - first.start > LONGEST) {
      drop(collected, source, text, first);
      continue;
    }
    const together = contextOf({ start: first.start, end: last.end });
    if (!together.tree.hasError(0) && !isDeep(together)) lowerAll(together, 0);
    else
      for (const one of group) {
        const context = group.length === 1 ? together : contextOf(one);
        if (!lowerIfClear(context) && !lowerBlanked(context, one)) drop(collected, source, text, one);
      }
  }
  return {
    file,
    cxx,
    definitions: collected.definitions,
    typedefs: collected.typedefs,
    symbols: collected.symbols,
    mentions: [...collected.mentions.values()],
    dropped: collected.dropped,
    missing: [...source.missing.keys()],
    files: source.files,
    cut: source.cut,
  };
}

/** Nobody nests declarations so deep that lowering them would run out of stack. */
const DEEPEST = 400;

function isDeep({ tree }: LowerContext): boolean {
  const depths = new Uint16Array(tree.count);
  for (let node = 1; node < tree.count; node++) {
    const depth = (depths[tree.parent(node)] ?? 0) + 1;
    if (depth > DEEPEST) return true;
    depths[node] = depth;
  }
  return false;
}

function lowerAll(context: LowerContext, node: NodeId): void {
  for (const child of childrenOf(context.tree, node)) lowerDeclaration(context, child);
}

/** Of a piece with errors, declarations that stand beside them on other lines are kept. False where nothing could be. */
function lowerIfClear(context: LowerContext): boolean {
  const { tree } = context;
  if (isDeep(context)) return false;
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
