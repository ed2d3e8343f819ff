/** Lowers macro calls; their arguments are parsed on their own when somebody asks for them. */
import type { Expr, MacroExpr } from '../../../model/rust/ast-expr.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { fieldOf, firstPart, parts, startLowering } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerPath } from './lower-path.ts';

/** Macro calls inside of macro arguments are followed this deep. */
const MAX_MACRO_DEPTH = 8;

/** Their second argument is a pattern, whose names bind: only the first argument is an expression. */
const PATTERN_MACROS = new Set(['matches', 'assert_matches', 'debug_assert_matches']);

/** What is needed to parse the arguments later; holds on to no tree. */
interface Tokens {
  readonly parsers: Parsers;
  readonly macroDepth: number;
  readonly name: string;
  readonly text: string;
  /** Where the text stands in the file, UTF-16. */
  readonly offset: number;
}

/** null where it is not written as a macro call. */
export function lowerMacro(ctx: Lowering, node: NodeId): MacroExpr | null {
  const { tree } = ctx;
  const path = lowerPath(ctx, fieldOf(ctx, node, 'macro'));
  const all = parts(ctx, node);
  const body = all[all.length - 1] ?? -1;
  if (!path || body < 0 || tree.kind(body) !== 'token_tree') return null;
  const written = tree.textOf(body);
  const delimiter = written[0] === '[' ? '[' : written[0] === '{' ? '{' : '(';
  const offset = tree.start(body) + 1;
  const text = written.slice(1, -1);
  const name = path.path.segments.at(-1)?.name ?? '';
  const tokens: Tokens = { parsers: ctx.parsers, macroDepth: ctx.macroDepth + 1, name, text, offset };
  // Most macro calls are never looked into: their arguments are parsed once, at the first question.
  let args: readonly Expr[] | null | undefined;
  return {
    kind: 'macro',
    path: path.path,
    tokens: { start: offset, end: offset + text.length },
    delimiter,
    get args() {
      if (args === undefined) args = parseArgs(tokens);
      return args;
    },
    span: tree.span(node),
  };
}

function parseArgs(tokens: Tokens): readonly Expr[] | null {
  if (tokens.macroDepth > MAX_MACRO_DEPTH) return null;
  if (tokens.text.trim() === '') return [];
  if (PATTERN_MACROS.has(tokens.name)) {
    const comma = firstComma(tokens);
    return comma < 0 ? null : parseList({ ...tokens, text: tokens.text.slice(0, comma) });
  }
  return parseList(tokens) ?? (tokens.text.includes(';') ? parseRepeat(tokens) : null);
}

function parseList(tokens: Tokens): readonly Expr[] | null {
  const found = parseExpression(tokens, 'f(', ')');
  if (found?.ctx.tree.kind(found.node) !== 'call_expression') return null;
  const list = fieldOf(found.ctx, found.node, 'arguments');
  return lowerAll(found.ctx, parts(found.ctx, list));
}

/** `element; length`, as in `vec![0; n]`. */
function parseRepeat(tokens: Tokens): readonly Expr[] | null {
  const found = parseExpression(tokens, '[', ']');
  if (found?.ctx.tree.kind(found.node) !== 'array_expression' || fieldOf(found.ctx, found.node, 'length') < 0) return null;
  return lowerAll(found.ctx, parts(found.ctx, found.node));
}

function lowerAll(ctx: Lowering, nodes: readonly NodeId[]): readonly Expr[] | null {
  const args = nodes.map((node) => lowerExpr(ctx, node));
  return args.some((arg) => arg.kind === 'unknown') ? null : args;
}

/** The expression that the tokens are between an opening and a closing text, null unless they are one without an error. */
function parseExpression(tokens: Tokens, open: string, close: string): { readonly ctx: Lowering; readonly node: NodeId } | null {
  const ctx = startLowering(tokens.parsers, `${open}${tokens.text}\n${close};`, tokens.offset - open.length, tokens.macroDepth);
  const { tree } = ctx;
  if (!ctx.clean) return null;
  const statements = parts(ctx, 0);
  const [statement] = statements;
  if (statements.length !== 1 || statement === undefined || tree.kind(statement) !== 'expression_statement') return null;
  return { ctx, node: firstPart(ctx, statement) };
}

/** The first comma outside of brackets and literals, -1 without one. */
function firstComma(tokens: Tokens): number {
  const prefix = 'm!(';
  const tree = tokens.parsers.parse('rust', `${prefix}${tokens.text}\n);`, -prefix.length);
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'token_tree') continue;
    for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
      if (tree.kind(child) === ',') return tree.start(child);
    }
    return -1;
  }
  return -1;
}
