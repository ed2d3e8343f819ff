/** Calls with delegates that nothing else refers to. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindCallback } from '../../bindings/bindings.ts';
import type { CsNames } from './names.ts';

/**
 * A delegate made with `new`, and a lambda that captures a variable: both are objects of this one call. A lambda that captures nothing is
 * kept by the compiler for the program's life.
 */
export function readCallbacks(tree: FlatTree, file: string, names: CsNames): readonly BindCallback[] {
  const out: BindCallback[] = [];
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'invocation_expression' || tree.hasError(node)) continue;
    const called = byField(tree, node, 'function');
    const isMember = called >= 0 && tree.kind(called) === 'member_access_expression';
    const name = isMember ? byField(tree, called, 'name') : called;
    const method = name < 0 ? '' : tree.textOf(name);
    if (!/^@?\w+$/.test(method)) continue;
    const receiver = isMember ? byField(tree, called, 'expression') : -1;
    const written = receiver < 0 ? null : tree.textOf(receiver);
    const args = namedChildren(tree, byField(tree, node, 'arguments')).filter((one) => tree.kind(one) === 'argument');
    for (const [index, argument] of args.entries()) {
      const value = namedChildren(tree, argument).at(-1) ?? -1;
      if (value >= 0 && isTemporary(tree, value, node)) {
        const owners = written === null || /^[\w.:]+$/.test(written) ? names.meanings(written, node) : [];
        out.push({ method, count: args.length, index, at: { file, span: tree.span(value) }, owners, bare: written === null });
      }
    }
  }
  return out;
}

function isTemporary(tree: FlatTree, value: NodeId, call: NodeId): boolean {
  const kind = tree.kind(value);
  if (kind === 'object_creation_expression') {
    const inner = namedChildren(tree, byField(tree, value, 'arguments'));
    const [only] = inner;
    // `new Callback(Method)`: of another type than a delegate, one argument that names a method would be odd.
    return only !== undefined && inner.length === 1 && /^(?:this\.)?[A-Z]\w*$/.test(tree.textOf(only));
  }
  if (kind !== 'lambda_expression' && kind !== 'anonymous_method_expression') return false;
  if (/^\s*static\b/.test(tree.textOf(value))) return false;
  const locals = localsAround(tree, call);
  for (let node = value; node >= 0 && node < tree.count && tree.start(node) < tree.end(value); node++) {
    if (tree.kind(node) === 'this') return true;
    if (tree.kind(node) !== 'identifier' || tree.field(node) === 'name') continue;
    if (locals.has(tree.textOf(node))) return true;
  }
  return false;
}

/** Parameters and variables of the method around a call that stand in front of it. */
function localsAround(tree: FlatTree, call: NodeId): ReadonlySet<string> {
  const out = new Set<string>();
  let method = call;
  while (method > 0 && !/^(?:method_declaration|constructor_declaration|local_function_statement)$/.test(tree.kind(method))) {
    method = tree.parent(method);
  }
  for (let node = Math.max(method, 0); node < call; node++) {
    const kind = tree.kind(node);
    if (kind !== 'parameter' && kind !== 'variable_declarator') continue;
    const name = byField(tree, node, 'name');
    if (name >= 0) out.add(tree.textOf(name));
  }
  return out;
}
