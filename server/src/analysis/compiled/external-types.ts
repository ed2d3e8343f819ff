/** What aliases of other crates stand for, out of the signatures that the compiler has seen through. */
import { splitTop } from '../../base/brackets.ts';
import { words } from '../../base/words.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { Surface } from '../../model/surface/surface.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import type { CompiledFacts } from './compiled-facts.ts';

/** Numbers, pointers to them and the like: what signatures of two languages are compared by. */
const NUMBERS = words('bool u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64');

/** By the path that a name resolves to, joined by `::`. Names for which two signatures show different types are left out. */
export function externalTypes(workspace: Workspace, { functions }: Surface, compiled: CompiledFacts): ReadonlyMap<string, Type> {
  const found = new Map<string, { readonly text: string; readonly type: Type } | null>();
  for (const { item, ast, scope, role } of functions) {
    if (role === 'import') continue;
    const body = compiled
      .bodies(item)
      .find(({ kind, name, params }) => kind === 'fn' && !name.endsWith('}') && params.length === ast.params.length);
    if (!body) continue;
    for (const [i, { type }] of ast.params.entries()) align(type, body.params[i] ?? '', scope);
    if (ast.result) align(ast.result, body.result, scope);
  }
  return new Map([...found].flatMap(([path, known]) => (known ? [[path, known.type] as const] : [])));

  /** Walks through what is written and what is meant side by side. */
  function align(type: Type, text: string, scope: Scope): void {
    if (type.kind === 'pointer') align(type.pointee, text.replace(/^\*(?:const|mut) /, ''), scope);
    if (type.kind === 'reference') align(type.referent, text.replace(/^&(?:'\w+ )?(?:mut )?/, ''), scope);
    if (type.kind !== 'path' || type.self) return;
    const meant = workspace.resolve(type.path, scope, 'type');
    const args = (type.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
    if (meant.kind !== 'external') return;
    if (meant.path[0] === 'std' || args.length > 0) {
      const open = text.indexOf('<');
      const given = open < 0 ? [] : splitTop(text.slice(open + 1, -1));
      if (given.length === args.length) for (const [i, arg] of args.entries()) align(arg, given[i] ?? '', scope);
      return;
    }
    const path = meant.path.join('::');
    const made = typeOf(text, type);
    const before = found.get(path);
    if (made && before === undefined) found.set(path, { text, type: made });
    else if (before && before.text !== text) found.set(path, null);
  }
}

/** The type as it could have been written in the place of another one; null for all but numbers and pointers to them. */
function typeOf(text: string, { span }: Type): Type | null {
  const pointer = /^\*(const|mut) (.+)$/.exec(text);
  if (pointer) {
    const pointee = typeOf(pointer[2] ?? '', { kind: 'infer', span });
    return pointee && { kind: 'pointer', mutable: pointer[1] === 'mut', pointee, span };
  }
  if (!NUMBERS.has(text)) return null;
  return { kind: 'path', path: { global: false, segments: [{ name: text, span, args: [] }], span }, self: null, span };
}
