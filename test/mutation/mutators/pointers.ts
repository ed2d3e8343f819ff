/** Mistakes with pointers and C strings, put at the top of exported fns. */
import { collectExprs } from '../../../server/src/analysis/walk.ts';
import type { BoundaryFn } from '../../../server/src/model/surface/surface.ts';
import type { Mutator, World } from '../world.ts';
import { asksForNull, atTop, bodies, edit, functions, paramsOf, pointerParams, text } from '../world.ts';

function statements(rule: string, does: string, statement: (fn: BoundaryFn, world: World) => string | null): Mutator {
  return {
    rule,
    does,
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        const made = statement(fn, world);
        return made === null ? [] : [{ edits: [atTop(fn, made)], where: fn.ast.name }];
      }),
  };
}

/** A parameter that is a C string, which nothing else in the fn checks. */
const unasked = (fn: BoundaryFn, world: World): string | null =>
  pointerParams(fn).find(({ pointee, name }) => pointee === 'c_char' && !asksForNull(fn, name, world))?.name ?? null;

const NUMBERS = /^(u8|c_uchar|u16|u32|u64|f32|f64|i32)$/;

export const POINTER_MUTATORS: readonly Mutator[] = [
  statements('missing-null-check', 'reads through a pointer', (fn, world) => {
    const pointer = pointerParams(fn).find(({ pointee, name }) => pointee !== '' && pointee !== 'c_void' && !asksForNull(fn, name, world));
    return pointer ? `let _mutant = unsafe { ${pointer.name}.read() };` : null;
  }),
  statements('cstr-from-null', 'makes a C string', (fn, world) => {
    const name = unasked(fn, world);
    return name ? `let _mutant = unsafe { std::ffi::CStr::from_ptr(${name}) };` : null;
  }),
  statements('slice-from-null', 'makes a slice', (fn, world) => {
    const pointer = pointerParams(fn).find(({ pointee, name }) => NUMBERS.test(pointee) && !asksForNull(fn, name, world));
    const [length] = paramsOf(fn, /^(usize|size_t)$/);
    return pointer && length ? `let _mutant = unsafe { std::slice::from_raw_parts(${pointer.name}, ${length.name}) };` : null;
  }),
  statements('from-raw-null', 'takes a box back', (fn, world) => {
    const pointer = pointerParams(fn).find(
      ({ pointee, mutable, name }) => mutable && /^[A-Z]/.test(pointee) && !asksForNull(fn, name, world),
    );
    return pointer ? `drop(unsafe { Box::from_raw(${pointer.name}) });` : null;
  }),
  statements('from-utf8-unchecked-foreign', 'takes the bytes of C for UTF-8', (fn, world) => {
    // A text that the fn checks anywhere is known to be one.
    if (/to_str|from_utf8|lossy/.test(text(fn.item, fn.item.entry.span, world))) return null;
    const name = pointerParams(fn).find(({ pointee }) => pointee === 'c_char')?.name;
    return name
      ? `if !${name}.is_null() { let _mutant = unsafe { std::str::from_utf8_unchecked(std::ffi::CStr::from_ptr(${name}).to_bytes()) }; }`
      : null;
  }),
  {
    rule: 'non-portable-c-char',
    does: 'casts the argument of `CStr::from_ptr` to `*const i8`',
    mutations: (world) =>
      functions(world, 'export', 'callback').flatMap((fn) => {
        // Code for one system may know its characters.
        if (!fn.ast.body || fn.item.cfg.kind !== 'true') return [];
        return collectExprs(fn.ast.body, (expr) => expr.kind === 'call', { items: false }).flatMap((expr) => {
          if (expr.kind !== 'call' || !/CStr::from_ptr$/.test(text(fn.item, expr.callee.span, world))) return [];
          const [arg] = expr.args;
          if (!arg || !world.workspace.editable(fn.item.file, arg.span)) return [];
          return [{ edits: [edit(fn.item, arg.span, `${text(fn.item, arg.span, world)} as *const i8`)], where: fn.ast.name }];
        });
      }),
  },
  statements('dangling-temporary', 'keeps the pointer of a temporary string', (fn) =>
    fn.ast.name.length % 2 === 0
      ? 'let mutant = std::ffi::CString::new("mutant").unwrap_or_default().as_ptr(); let _ = mutant;'
      : 'let mutant = format!("{}", 1).as_ptr(); let _ = mutant;',
  ),
  {
    rule: 'return-local-buffer',
    does: 'returns the pointer of a local string',
    planted: true,
    mutations: (world) =>
      bodies(world).flatMap((fn) => {
        const { result } = fn.ast;
        if (result?.kind !== 'pointer' || result.pointee.kind !== 'path' || result.pointee.path.segments.at(-1)?.name !== 'c_char')
          return [];
        const cast = result.mutable ? '.cast_mut()' : '';
        const made = `let mutant = std::ffi::CString::new("mutant").unwrap_or_default(); if std::process::id() == 1 { return mutant.as_ptr()${cast}; }`;
        return [{ edits: [atTop(fn, made)], where: fn.ast.name }];
      }),
  },
];
