/** Expressions in the arguments of a workspace macro that run where the macro stands: `try_call!(stream.start())`. */
import type { Expr, MacroExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { macroOf, stdMacro } from '../callee.ts';

/** One rule whose matcher is a list of expressions, and what it makes of them. */
const ONE_RULE =
  /^[^!]*!\s*\w+\s*[({[]\s*[({[]\s*((?:\$\w+\s*:\s*(?:expr|ident|ty|path|literal|tt)\s*,?\s*)+)[)}\]]\s*=>\s*[({[]([\s\S]*)[)}\]]\s*;?\s*[)}\]]\s*;?\s*$/;

/** What keeps code from running here and now, or from unwinding out of here: closures, fns, blocks for later, attributes; and a second rule. */
const ELSEWHERE = /\||\b(?:async|move|fn|const|static|while|for|loop|impl|catch_unwind)\b|#|\$\(|\$\w+\s*:\s*\w/;

/** Empty where it is not seen that the macro does nothing to them but run them. */
export function argumentsRun(expr: MacroExpr, scope: Scope, workspace: Workspace): readonly Expr[] {
  const macro = macroOf(expr.path, scope, workspace);
  const [item, ...others] = macro.kind === 'items' ? macro.items : [];
  if (item?.kind !== 'macro-rules' || others.length > 0 || expr.args === null) return [];
  const [, matcher, body] = ONE_RULE.exec(withoutComments(workspace.slice(item.file, item.entry.span))) ?? [];
  if (matcher === undefined || body === undefined || ELSEWHERE.test(body) || callsUnknownMacro(body, item, workspace)) return [];
  const params = [...matcher.matchAll(/\$(\w+)\s*:\s*(\w+)/g)];
  if (params.length !== expr.args.length) return [];
  return expr.args.filter((_, i) => params[i]?.[2] === 'expr' && new RegExp(`\\$${params[i]?.[1]}\\b`).test(body));
}

function withoutComments(text: string): string {
  return text.replace(/\/\/[^\n]*|\/\*[\s\S]*?\*\//g, ' ');
}

/** A macro within may do anything, unless it is the standard library's. */
function callsUnknownMacro(body: string, item: RustItem, workspace: Workspace): boolean {
  const scope: Scope = { module: item.module, item: null };
  return [...body.matchAll(/((?:\$?\w+\s*::\s*)*\w+)\s*!\s*[({[]/g)].some(([, path = '']) => {
    const segments = path.split(/\s*::\s*/).map((name) => ({ name, args: [], span: item.entry.span }));
    return stdMacro({ segments, global: false, span: item.entry.span }, scope, workspace) === null;
  });
}
