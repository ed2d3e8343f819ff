/** Edits of the Rust side that make a signature say what C says. None of them is safe: which side is right, only people know. */
import { someExpr } from '../analysis/walk.ts';
import type { LinkedFn, WrittenShape } from '../abi/peers/peers.ts';
import type { TargetedDifference } from '../abi/peers/signature-differences.ts';
import type { Shape } from '../abi/shape.ts';
import type { FileEdit } from '../base/edit.ts';
import type { Span } from '../base/text.ts';
import { sliceSpan } from '../base/text.ts';
import { rustName } from '../generate/names.ts';
import { C_INTS_IN_RUST } from '../generate/rust.ts';
import type { FnItem, Param } from '../model/rust/ast-item.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { Workspace } from '../model/workspace.ts';
import { isNamedInCode } from './named-in-code.ts';
import { prologueEdit } from './param-fix.ts';
import type { Fix, RuleContext } from './rule.ts';

/** Differences whose fix calls would notice. */
const CALLERS_SEE: ReadonlySet<string> = new Set(['width', 'class', 'signedness', 'bool', 'const', 'return-missing']);

interface Wanted {
  readonly linked: LinkedFn;
  readonly differences: readonly TargetedDifference[];
}

/** One fix for all of the differences that have one; none where one of them has none. */
export function signatureFixes({ workspace }: Pick<RuleContext, 'workspace'>, { linked, differences }: Wanted): readonly Fix[] {
  const { rust, peer } = linked;
  const edits: FileEdit[] = [];
  const text = workspace.text(rust.item.file);
  const put = (start: number, end: number, by: string): void => {
    edits.push({ file: rust.item.file.path, span: { start, end }, text: by });
  };
  const casts: string[] = [];
  const called = differences.some(({ kind }) => CALLERS_SEE.has(kind)) && isNamedInCode(rust.item, workspace);
  if (called) return [];
  for (const one of differences) {
    const written = one.index === null ? rust.ast.result : (rust.ast.params[one.index]?.type ?? null);
    const wanted = one.peer ? rustSpelling(one.peer) : null;
    switch (one.kind) {
      case 'width':
      case 'class':
      case 'signedness':
      case 'bool':
        if (!written || wanted === null) return [];
        put(written.span.start, written.span.end, wanted);
        if (linked.direction === 'export' && one.index === null && !takesAnyNumber(rust.ast)) return [];
        if (linked.direction === 'export' && one.index !== null) {
          const cast = castBack(rust.ast.params[one.index], one.kind, text);
          if (cast === null) return [];
          casts.push(cast);
        }
        break;
      case 'const': {
        const keyword = written && one.severity !== 'hint' ? constKeyword(written, text) : null;
        if (!keyword) return [];
        put(keyword.start, keyword.end, 'mut');
        break;
      }
      case 'return-ignored':
        if (linked.direction !== 'import' || wanted === null || rust.ast.result) return [];
        put(rust.ast.paramsSpan.end, rust.ast.paramsSpan.end, ` -> ${wanted}`);
        break;
      case 'return-missing':
        if (linked.direction !== 'import' || !rust.ast.result || one.peer?.shape.kind !== 'void') return [];
        put(rust.ast.paramsSpan.end, rust.ast.result.span.end, '');
        break;
      case 'variadic': {
        const last = rust.ast.params.at(-1);
        if (linked.direction !== 'import' || rust.ast.variadic || !last) return [];
        put(last.span.end, last.span.end, ', ...');
        break;
      }
      case 'calling-convention': {
        const span = conventionSpan(linked, workspace);
        const known = one.convention === 'stdcall' ? 'system' : one.convention === 'C' ? 'C' : null;
        if (!span || known === null) return [];
        put(span.start, span.end, `extern "${known}"`);
        break;
      }
      default:
        return [];
    }
  }
  const inserted = casts.length > 0 ? prologueEdit(rust, casts, workspace) : null;
  if (inserted) edits.push(inserted);
  return edits.length === 0 ? [] : [{ title: `change the Rust side to what \`${peer.symbol}\` is in C`, safe: false, edits }];
}

/** The body goes on with the type that it was written for; null where that is no number, or the parameter has no plain name. */
function castBack(param: Param | undefined, kind: string, text: string): string | null {
  if (!param || param.name === null || param.pattern.kind !== 'binding') return null;
  const written = sliceSpan(text, param.type.span);
  if (kind === 'class' && !/^([iu]\d+|[iu]size|f32|f64|([a-z_]+::)*c_\w+)$/.test(written)) return null;
  const name = rustName(param.name);
  return `let ${param.pattern.mutable ? 'mut ' : ''}${name} = ${written === 'bool' ? `${name} != 0` : `${name} as ${written}`};`;
}

/** Whether what a body gives is a number of whichever type is asked for: `1`, `x as _`. */
function takesAnyNumber({ body }: FnItem): boolean {
  const tail = body?.kind === 'block' ? body.tail : null;
  if (!body || someExpr(body, ({ kind }) => kind === 'return' || kind === 'try')) return false;
  return tail?.kind === 'cast' ? tail.type.kind === 'infer' : tail?.kind === 'literal' && /^\d[\d_]*$/.test(tail.text);
}

/** `extern "C"` of a definition, or of a block that holds nothing else. */
function conventionSpan({ rust: { ast, item } }: LinkedFn, workspace: Workspace): Span | null {
  const block = item.owner?.kind === 'extern-block' && item.owner.members.length === 1 ? workspace.ast(item.owner) : null;
  if (block?.kind !== 'extern-block') return ast.abiSpan;
  const { start } = block.keywordSpan;
  const written = /^extern(?:\s*"[^"]*")?/.exec(workspace.text(item.file).slice(start, start + 80))?.[0];
  return written === undefined ? null : { start, end: start + written.length };
}

/** The `const` of a written `*const`. */
function constKeyword(type: Type, text: string): { readonly start: number; readonly end: number } | null {
  if (type.kind !== 'pointer' || type.mutable) return null;
  const at = text.indexOf('const', type.span.start);
  return at < 0 || at > type.span.start + 8 ? null : { start: at, end: at + 'const'.length };
}

/** What C writes, in Rust, for scalars that have a name of their own there; null for anything else. */
export function rustSpelling({ shape }: WrittenShape): string | null {
  return spelled(shape);
}

function spelled(shape: Shape): string | null {
  switch (shape.kind) {
    case 'int':
      return `${shape.signed ? 'i' : 'u'}${shape.bits}`;
    case 'c-int':
      return C_INTS_IN_RUST[shape.name];
    case 'float':
      return shape.bits === 32 || shape.bits === 64 ? `f${shape.bits}` : null;
    case 'c-float':
      return shape.name === 'float' ? 'f32' : shape.name === 'double' ? 'f64' : null;
    case 'bool':
      return 'bool';
    default:
      return null;
  }
}
