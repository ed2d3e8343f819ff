/** The compiler as the second provider of types and callees: asked where syntax does not know, and held against it where both do. */
import type { Span } from '../../base/text.ts';
import type { Crate, RustItem, Workspace } from '../../model/workspace.ts';
import type { MaybeTy, Ty } from '../types/local-types-ty.ts';
import { ITERATOR, shortName, stripRefs } from '../types/local-types-ty.ts';
import type { CompiledFacts } from './compiled-facts.ts';
import { itemOfMir, tyOfMir } from './mir-types.ts';
import { splitPath } from './paths.ts';

/** What a compiler says inside one fn. Spans are those of names: of a method, of a fn's whole path, of a variable in its pattern. */
export interface CompilerTypes {
  /** The receiver of a method call, as the method takes it. */
  receiver(name: Span): MaybeTy;
  result(name: Span): MaybeTy;
  variable(name: Span): MaybeTy;
  /** The fn of the workspace that a call runs; null for others, and for methods that the receiver's type decides at run time. */
  callee(name: Span): RustItem | null;
  /** The compiler's answer where syntax has none or another one; a contradiction is noted. */
  settle(syntax: MaybeTy, compiler: MaybeTy, at: Span): MaybeTy;
}

const compilers = new WeakMap<Workspace, CompiledFacts>();

/** From now on what is asked of the workspace's bodies is asked of the compiler too. Bodies that were inferred before stay as they are. */
export function joinCompiler(workspace: Workspace, facts: CompiledFacts): void {
  compilers.set(workspace, facts);
}

/** null where no compiler was asked. */
export function compilerTypes(item: RustItem, workspace: Workspace): CompilerTypes | null {
  const facts = compilers.get(workspace);
  if (!facts) return null;
  const { file } = item;
  const { crate } = item.module;
  const ty = (text: string | null | undefined): MaybeTy => (text ? tyOfMir(text, crate, workspace) : null);
  const call = (span: Span) => facts.callNamed({ file, span });
  return {
    receiver: (span) => ty(call(span)?.args[0]),
    result: (span) => ty(call(span)?.result),
    variable: (span) => ty(facts.variable({ file, span })),
    callee(span) {
      const { plain, self, name } = splitPath(call(span)?.callee ?? '');
      if (self === null) return /^\w+(?:::\w+)*$/.test(plain) ? fnOfMir(plain.split('::'), crate, workspace) : null;
      const type = stripRefs(ty(self));
      const member = type?.kind === 'item' ? workspace.member(type.item, name) : null;
      return member?.kind === 'fn' ? member : null;
    },
    settle(syntax, compiler, span) {
      if (compiler === null || compiler.kind === 'opaque') return syntax;
      if (syntax === null || syntax.kind === 'generic') return compiler;
      if (agree(stripRefs(syntax), stripRefs(compiler))) return isWhole(syntax) ? syntax : compiler;
      facts.disagreements.add({
        at: { file, span },
        syntax: shortName(syntax) || syntax.kind,
        compiler: shortName(compiler) || compiler.kind,
      });
      return compiler;
    },
  };
}

/** A fn, or a method of a type, by its path. */
function fnOfMir(names: readonly string[], crate: Crate, workspace: Workspace): RustItem | null {
  const direct = itemOfMir(names, crate, workspace, 'value');
  if (direct) return direct.kind === 'fn' ? direct : null;
  const type = names.length > 1 ? itemOfMir(names.slice(0, -1), crate, workspace, 'type') : null;
  const member = type ? workspace.member(type, names.at(-1) ?? '') : null;
  return member?.kind === 'fn' ? member : null;
}

/** Names of C's types, which the compiler has seen through. */
const ALIAS = /^(?:std::(?:ffi|os::raw)|libc)::/;

/** Whether two answers can be the same type. Syntax calls every iterator by its trait, and re-exports by the path that is written. */
function agree(syntax: MaybeTy, compiler: MaybeTy): boolean {
  if (!syntax || !compiler || loose(syntax) || loose(compiler)) return true;
  if (syntax.kind === 'external' && compiler.kind !== 'external' && ALIAS.test(syntax.path)) return true;
  if (syntax.kind === 'item' && compiler.kind === 'item') return syntax.item === compiler.item;
  if (syntax.kind === 'primitive' && compiler.kind === 'primitive') return syntax.name === compiler.name;
  if (syntax.kind === 'external' || compiler.kind === 'external') return shortName(syntax) === shortName(compiler);
  return syntax.kind === compiler.kind;
}

function loose(ty: Ty): boolean {
  return ty.kind === 'opaque' || ty.kind === 'generic' || (ty.kind === 'external' && /^std::(?:iter|ops::Range\w*$)/.test(ty.path));
}

/** Whether no part of it is left open, as the element of a `Vec` whose making did not tell. */
function isWhole(ty: MaybeTy): boolean {
  if (ty === null || ty.kind === 'generic') return false;
  if (ty.kind === 'reference') return isWhole(ty.to);
  if (ty.kind === 'external') return ty.path === ITERATOR || ty.args.every(isWhole);
  return ty.kind !== 'slice' && ty.kind !== 'array' ? true : isWhole(ty.element);
}
