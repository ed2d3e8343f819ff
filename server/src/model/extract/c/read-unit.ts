/** Reads a preprocessed header into plain data: types, typedefs, functions and variables. */
import type { Span } from '../../../base/text.ts';
import { takeAnnotations } from '../../../syntax/c/annotations.ts';
import type { Preprocessed } from '../../../syntax/c/output.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import type { CUnit } from '../../c/ast.ts';
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
    else if (group.length === 1) lowerOrDrop(together, first, text);
    else for (const one of group) lowerOrDrop(contextOf(one), one, text);
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

/** Of a piece with errors, declarations that stand beside them on other lines are kept. */
function lowerOrDrop(context: LowerContext, span: Span, text: string): void {
  const { tree } = context;
  if (isDeep(context)) {
    drop(context, context.source, text, span);
    return;
  }
  if (!isBroken(tree, 0)) {
    lowerAll(context, 0);
    return;
  }
  const children = [...childrenOf(tree, 0)];
  const bodies = children.filter((child) => tree.kind(child) === 'function_definition');
  const rest = children.filter((child) => !bodies.includes(child));
  // An error inside of a function's body concerns nothing else.
  if (bodies.length > 0 && rest.every((child) => !isBroken(tree, child))) {
    for (const child of children) lowerDeclaration(context, child);
    return;
  }
  drop(context, context.source, text, span);
}
