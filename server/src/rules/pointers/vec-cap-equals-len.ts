/** A vector is made again with its length in place of its capacity, so that it is freed with the wrong size. */
import type { Made } from '../../base/reads.ts';
import { EVERYTHING, madeOnce } from '../../base/reads.ts';
import { movesIn } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { stripRefs } from '../../analysis/types/local-types-ty.ts';
import { someExpr, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import { calledAs } from '../called-as.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'vec-cap-equals-len',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::same_length_and_capacity'],
  fix: 'none',
  messages: {
    same: '`{call}` gets `{length}` as length and as capacity, although nothing here shrinks the vector',
    beside: '`{call}` gets `{length}` as length and as capacity, although `{capacity}` is at hand',
  },
  docs: {
    what: '`Vec::from_raw_parts` or `String::from_raw_parts` gets the length as the capacity',
    why: `The allocator is told the capacity when the vector is freed, and it must be the one that the memory was allocated with. A vector often
has room for more than it holds; freeing it with its length corrupts the heap.`,
    bad: `#[no_mangle]
pub extern "C" fn bytes_new(len: usize) -> *mut u8 {
    let mut bytes = std::mem::ManuallyDrop::new(vec![0u8; len]);
    bytes.push(1);
    bytes.as_mut_ptr()
}

/// # Safety
/// \`data\` comes from \`bytes_new\`.
#[no_mangle]
pub unsafe extern "C" fn bytes_free(data: *mut u8, len: usize) {
    if !data.is_null() {
        drop(unsafe { Vec::from_raw_parts(data, len, len) });
    }
}
`,
    good: `#[no_mangle]
pub extern "C" fn bytes_new(len: usize) -> *mut u8 {
    let mut bytes = vec![0u8; len];
    bytes.push(1);
    Box::into_raw(bytes.into_boxed_slice()).cast()
}

/// # Safety
/// \`data\` comes from \`bytes_new\`.
#[no_mangle]
pub unsafe extern "C" fn bytes_free(data: *mut u8, len: usize) {
    if !data.is_null() {
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(data, len)) });
    }
}
`,
    exceptions: [
      'workspaces that shrink vectors before they give them out: `into_boxed_slice`, `shrink_to_fit`, `into_boxed_str`, `Box<[T]>`',
      'vectors that are made with just the capacity that they need and never grow: `with_capacity` beside an assertion on `capacity()`',
      'a capacity of its own',
      'workspaces that give no vector out: how its memory was made is not known',
      'functions of other types',
    ],
    fixSafety: null,
    references: [{ title: 'std, Vec::from_raw_parts', url: 'https://doc.rust-lang.org/std/vec/struct.Vec.html#method.from_raw_parts' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_raw_parts\b/, ctx.workspace)) {
      for (const move of movesIn(body, ctx.workspace)) {
        const [, length, capacity] = move.expr.args;
        if (move.direction !== 'from' || (move.kind !== 'Vec' && move.kind !== 'String') || !length || !capacity) continue;
        const name = placeOf(uncast(length));
        // The capacity twice frees what was allocated, whatever is in it.
        if (name === null || name !== placeOf(uncast(capacity)) || CAPACITY.test(name.replace(/^.*\./, ''))) continue;
        const known = capacityBeside(uncast(length), body, ctx.workspace);
        if (known === null && shrinks(ctx.workspace)) continue;
        ctx.report(known === null ? 'same' : 'beside', {
          at: { file: body.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.span },
          data: { call: calledAs(move.expr), length: name, capacity: known ?? '' },
          help:
            known === null
              ? 'hand the capacity out beside the length, or give the memory out as a boxed slice'
              : `the capacity is \`${known}\``,
          item: body.item,
          claims: [
            {
              kind: 'calls',
              at: { file: body.item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.span },
              callees: STD_FROM_RAW,
            },
          ],
        });
      }
    }
  },
});

const SHRINKING = new WeakMap<Workspace['items'], Made<boolean>>();

/** Asked once for all files. Also where nothing here gives a vector's memory out: how it was made is not known. */
function shrinks(workspace: Workspace): boolean {
  return madeOnce(SHRINKING, workspace.items, () => {
    const some = (pattern: RegExp): boolean => [...workspace.files.values()].some((file) => workspace.matches(file, EVERYTHING, pattern));
    return (
      some(/into_boxed_|shrink_to|Box\s*<\s*\[|\bcapacity\(\)|reserve_exact|to_boxed|into_vec/) ||
      !some(/\bforget\b|ManuallyDrop|\.leak\(|Vec::leak/)
    );
  });
}

/** `length`, `buffer.length`: what the two arguments are told apart by; null for what may be another value each time. */
function placeOf(expr: Expr): string | null {
  if (expr.kind !== 'field') return variable(expr);
  const base = placeOf(expr.base);
  return base === null ? null : `${base}.${expr.name}`;
}

const CAPACITY = /^(cap|capacity)$|_cap(acity)?$/;

/** The capacity that came along with the length, as a parameter or as a field of the same struct, and is not used; null where there is none. */
function capacityBeside(length: Expr, { ast, typeOf }: Body, workspace: Workspace): string | null {
  if (length.kind !== 'field') {
    const capacity = ast.params.find(({ name }) => name !== null && CAPACITY.test(name))?.name ?? null;
    const used = capacity !== null && ast.body && someExpr(ast.body, (one) => variable(one) === capacity);
    return used ? null : capacity;
  }
  const ty = stripRefs(typeOf(length.base));
  const struct = ty?.kind === 'item' ? workspace.ast(ty.item) : null;
  const field = struct?.kind === 'struct' ? struct.fields.find(({ name }) => CAPACITY.test(name)) : null;
  return field ? `${placeOf(length.base) ?? ''}.${field.name}` : null;
}
