/** An export hands an owner out as a raw pointer, and nothing in the workspace can take it back. */
import { escapeOf } from '../../analysis/ownership/escapes.ts';
import type { RawMove } from '../../analysis/ownership/ownership-facts.ts';
import { parentExpr, parentsOf } from '../../analysis/ownership/parents.ts';
import { collectExprs, variable } from '../../analysis/walk.ts';
import { sliceSpan } from '../../base/text.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { calledAs } from '../called-as.ts';
import { STD_INTO_RAW } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'never'>;

export default defineRule({
  id: 'missing-free-fn',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: { never: '`{fn}` gives a `{kind}` to its caller, and nothing here takes one back to free it' },
  docs: {
    what: 'An export gives out a `Box`, `Arc` or `CString` as a raw pointer that no function can free',
    why: `What \`into_raw\` gives away is freed only by the \`from_raw\` of the same type. The caller cannot do that: C's \`free\` is another
allocator. Without a function for it every call leaks.`,
    bad: `pub struct Session {
    pub hits: u32,
}

#[no_mangle]
pub extern "C" fn session_new() -> *mut Session {
    Box::into_raw(Box::new(Session { hits: 0 }))
}
`,
    good: `pub struct Session {
    pub hits: u32,
}

#[no_mangle]
pub extern "C" fn session_new() -> *mut Session {
    Box::into_raw(Box::new(Session { hits: 0 }))
}

/// # Safety
/// \`session\` is null or comes from \`session_new\`.
#[no_mangle]
pub unsafe extern "C" fn session_free(session: *mut Session) {
    if !session.is_null() {
        drop(unsafe { Box::from_raw(session) });
    }
}
`,
    exceptions: [
      'types that some `from_raw` or `drop_in_place` of the workspace takes back; one whose type is not known counts for all',
      'workspaces in which a macro mentions these: it may define the function',
      'pointers that are kept in a static, or given to a C function with its destructor',
      '`Box::leak`, which says that it is meant',
    ],
    fixSafety: 'Not safe: a function is added to the exported interface, and its callers have to call it.',
    references: [{ title: 'std, Box::into_raw', url: 'https://doc.rust-lang.org/std/boxed/struct.Box.html#method.into_raw' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const exports = new Map(
      ctx.unit.surface.functions.flatMap((fn) => (fn.role === 'export' && !fn.rewritten ? [[fn.item, fn] as const] : [])),
    );
    if (exports.size === 0) return;
    const { ownership } = ctx.facts;
    // An owner as parameter, `Option<Box<T>>`, is a destructor too.
    let parameters: readonly string[] | null = null;
    const taken = (): readonly string[] =>
      (parameters ??= ctx.surface.functions.flatMap((fn) =>
        fn.role === 'import' ? [] : fn.ast.params.map((param) => ctx.workspace.slice(fn.item.file, param.type.span)),
      ));
    for (const move of ownership.moves()) {
      const fn = exports.get(move.body.item);
      if (!fn || move.direction !== 'into' || move.kind === null || move.kind === 'Vec' || move.kind === 'String') continue;
      if (fn.ast.result?.kind !== 'pointer' || !isReturned(move) || isFreed(move, ownership.moves()) || ownership.freesInMacros()) continue;
      if (taken().some((type) => new RegExp(`\\b${move.kind}\\b`).test(type))) continue;
      ctx.report('never', {
        at: { file: fn.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.nameSpan },
        data: { fn: fn.ast.name, kind: move.kind },
        help: `export a function that calls \`${move.kind}::from_raw\` on the pointer`,
        note: `\`${calledAs(move.expr)}\` gives the ownership up`,
        item: fn.item,
        claims: [
          {
            kind: 'calls',
            at: { file: fn.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.nameSpan },
            callees: STD_INTO_RAW,
          },
        ],
        fixes: addFree(ctx, fn, move),
      });
    }
  },
});

/** Whether the pointer is the fn's result, by itself or through one variable that is not put anywhere else. */
function isReturned(move: RawMove): boolean {
  const { body, expr } = move;
  const { way } = escapeOf(expr, body);
  if (way.kind === 'return') return true;
  if (way.kind !== 'let' || way.statement.pattern.kind !== 'binding' || !body.ast.body) return false;
  const { name } = way.statement.pattern;
  const uses = collectExprs(body.ast.body, (one) => variable(one) === name);
  const parents = parentsOf(body.ast.body);
  const kept = uses.some((use) => {
    const parent = parentExpr(parents, use);
    return parent?.kind === 'call' || parent?.kind === 'assign' || (parent?.kind === 'method' && parent.args.includes(use));
  });
  return !kept && uses.some((use) => escapeOf(use, body).way.kind === 'return');
}

function isFreed(move: RawMove, moves: readonly RawMove[]): boolean {
  return moves.some((one) => {
    if (one.direction !== 'from') return false;
    // Taken back as another kind is another rule's matter.
    if (one.kind === null || (one.pointee !== null && one.pointee === move.pointee)) return true;
    return one.kind === move.kind && (one.pointee === null || move.pointee === null || move.kind === 'CString');
  });
}

/** A destructor behind the export, for a plain pointer to a named type. */
function addFree(ctx: Context, fn: BoundaryFn, move: RawMove): readonly Fix[] {
  const { result, name } = fn.ast;
  const owner = move.kind;
  if (result?.kind !== 'pointer' || result.pointee.kind !== 'path' || !owner || fn.item.owner || fn.ast.generics.length > 0) return [];
  const prefix = name.replace(/_(new|create|make|open|init|alloc|build|get|with_\w+|from_\w+)$/, '');
  const free = `${prefix}_free`;
  if (ctx.workspace.mentions(free, null)) return [];
  const text = ctx.workspace.text(fn.item.file);
  const pointee = sliceSpan(text, result.pointee.span);
  const attribute = fn.item.entry.attributes.find((one) => /^(no_mangle|export_name)$/.test(one.path));
  if (attribute?.path !== 'no_mangle' || (owner === 'Arc' && !/\bArc\b/.test(text)) || (owner === 'Rc' && !/\bRc\b/.test(text))) return [];
  const qualified = owner === 'CString' ? 'std::ffi::CString' : owner === 'Arc' ? 'std::sync::Arc' : owner === 'Rc' ? 'std::rc::Rc' : 'Box';
  const at = fn.item.entry.span.end;
  const lines = [
    '',
    '',
    `/// Frees what \`${name}\` returned.`,
    '///',
    '/// # Safety',
    '///',
    `/// \`pointer\` is null, or comes from \`${name}\` and is not used afterwards.`,
    sliceSpan(text, attribute.span),
    `pub unsafe extern "C" fn ${free}(pointer: *${result.mutable ? 'mut' : 'const'} ${pointee}) {`,
    '    if !pointer.is_null() {',
    `        drop(unsafe { ${qualified}::from_raw(pointer${result.mutable || owner === 'Arc' || owner === 'Rc' ? '' : '.cast_mut()'}) });`,
    '    }',
    '}',
  ];
  return [
    { title: `add \`${free}\``, safe: false, edits: [{ file: fn.item.file.path, span: { start: at, end: at }, text: lines.join('\n') }] },
  ];
}
