/** Mistakes with texts and buffers, made by changing what real code does with its own. */
import { foreignCall } from '../../../server/src/analysis/c-functions/foreign-call.ts';
import { isReachable } from '../../../server/src/rules/reachable.ts';
import { givenValue, ownerOf, uncast } from '../../../server/src/analysis/ownership/owners.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { Type } from '../../../server/src/model/rust/ast-type.ts';
import type { Code, Let, OfKind } from '../clean-bodies.ts';
import {
  all,
  around,
  atBoundary,
  bound,
  boundOnce,
  called,
  code,
  each,
  lets,
  statements,
  unwrapBlock,
  uses,
  variable,
} from '../clean-bodies.ts';
import type { Mutator, World } from '../world.ts';
import { INTEGER, at, lastNameOf } from '../world.ts';

/** `let text = CString::new(…)?;` of which nothing but the pointer is used becomes the pointer. */
function pointersAlone(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bas_ptr\b/), (one) =>
    lets(one).flatMap((statement) => {
      const name = bound(statement);
      const { value, type } = statement;
      if (name === null || !value || type || statement.else || !/^(call|method|try|macro)$/.test(value.kind)) return [];
      if (!/^(CString|String)$/.test(ownerOf(value, one.body, world.workspace) ?? '') || !boundOnce(one, name)) return [];
      const pointers = takenPointers(one, name, statement);
      return pointers ? [[one.put(at(value.span.end), '.as_ptr()'), ...pointers.map((use) => one.put(use, name))]] : [];
    }),
  );
}

/** All uses of a variable, where each is `name.as_ptr()`; null where one is something else. */
function takenPointers(one: Code, name: string, statement: Let): readonly Expr[] | null {
  const found = uses(one, name, statement.span.end);
  const taken = found.map((use) => around(one, use, (node) => node.kind === 'method' && node.receiver === use));
  const plain = taken.filter(
    (node): node is OfKind<'method'> => node?.kind === 'method' && node.name === 'as_ptr' && node.args.length === 0,
  );
  return found.length > 0 && plain.length === found.length ? plain : null;
}

/** What a fn gives back: its last expression and what stands in `return`, `Some(…)` and casts looked through. */
function results(one: Code): readonly Expr[] {
  const inner = (expr: Expr): Expr => {
    const plain = unwrapBlock(uncast(expr));
    const [only] = plain.kind === 'call' && /^(Some|Ok)$/.test(called(plain)) ? plain.args : [];
    if (only) return inner(only);
    return plain.kind === 'block' && plain.tail ? inner(plain.tail) : plain;
  };
  const returned = all(one, 'return').flatMap(({ value }) => (value ? [value] : []));
  return [...(one.block.tail ? [one.block.tail] : []), ...returned].map(inner);
}

/** `text.into_raw()` as `text.as_ptr()` where a fn returns it; `local` asks for a variable, else for a value made there. */
function lent(local: boolean): Mutator['mutations'] {
  return (world) =>
    each(code(world, /\binto_raw\b/), (one) =>
      results(one).flatMap((expr) => {
        const receiver = expr.kind === 'method' && expr.name === 'into_raw' ? expr.receiver : null;
        const argument = expr.kind === 'call' && called(expr) === 'CString::into_raw' ? expr.args[0] : null;
        const owner = receiver ?? argument;
        if (!owner || ownerOf(owner, one.body, world.workspace) !== 'CString') return [];
        const binding = variable(owner) === null ? null : one.body.bindingOf(owner);
        if (local ? binding?.kind !== 'let' || binding.closure !== null : owner.kind === 'path') return [];
        return [[one.put(expr, `${one.say(owner)}.as_ptr().cast_mut()`)]];
      }),
    );
}

/** A buffer whose pointer goes out is not forgotten any more. */
function remembered(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bforget\b/), (one) =>
    statements(one).flatMap(({ block, statement }) => {
      const expr = statement.kind === 'expr' ? statement.expr : null;
      const name = expr?.kind === 'call' && /^(mem::)?forget$/.test(called(expr)) ? variable(expr.args[0] ?? expr) : null;
      if (name === null || block !== one.block) return [];
      const binding = one.body.bindings.filter((other) => other.name === name);
      if (binding.length !== 1 || binding[0]?.kind !== 'let' || one.ast.result?.kind !== 'pointer') return [];
      const taken = uses(one, name).some((use) => {
        const node = around(one, use, (other) => other.kind === 'method' && other.receiver === use);
        return node?.kind === 'method' && /^as_(mut_)?ptr$/.test(node.name);
      });
      return taken ? [[one.put(statement, '')]] : [];
    }),
  );
}

/** The pointer of the text that a `CString` was made of goes to C. */
function unterminated(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bCString::new\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      const found = foreignCall(call, one.body.scope, world.workspace);
      const params = found?.ast?.params ?? [];
      // What has a length beside it may need no NUL.
      if (
        !found?.ast ||
        params.some(({ name, type }) => INTEGER.test(lastNameOf(type)) && /len|size|count|^n$|num|bytes/i.test(name ?? ''))
      )
        return [];
      return call.args.flatMap((arg, i) => {
        const next = params[i + 1];
        if (next && INTEGER.test(lastNameOf(next.type))) return [];
        const type = found.ast?.params[i]?.type;
        const taken = uncast(arg);
        const name = taken.kind === 'method' && taken.name === 'as_ptr' ? variable(taken.receiver) : null;
        if (type?.kind !== 'pointer' || type.mutable || lastNameOf(type.pointee) !== 'c_char' || name === null) return [];
        const made = taken.kind === 'method' ? givenNew(taken.receiver, one) : null;
        const source = made?.args[0];
        if (!made || !source || !boundOnce(one, name) || variable(source) === null || !isText(source, one)) return [];
        const statement = lets(one).find((other) => other.span.start <= made.span.start && other.span.end >= made.span.end);
        const edits = [one.put(arg, `${one.say(source)}.as_ptr().cast()`)];
        return [uses(one, name).length === 1 && statement ? [one.put(statement, ''), ...edits] : edits];
      });
    }),
  );
}

/** The `CString::new(…)` that a variable was given, behind `?`, `unwrap` and the like. */
function givenNew(expr: Expr, one: Code): OfKind<'call'> | null {
  let value = givenValue(expr, one.body);
  while (value.kind === 'try' || (value.kind === 'method' && /^(unwrap|expect|map_err|unwrap_or_default|ok)$/.test(value.name)))
    value = value.kind === 'try' ? value.operand : value.receiver;
  return value.kind === 'call' && called(value) === 'CString::new' ? value : null;
}

function isText(expr: Expr, { body }: Code): boolean {
  let ty = body.typeOf(expr);
  while (ty?.kind === 'reference') ty = ty.to;
  return (ty?.kind === 'primitive' && ty.name === 'str') || (ty?.kind === 'external' && ty.path === 'std::string::String');
}

/** `CStr::from_ptr(p)`, where `fits` says whose pointer it is. */
function texts(one: Code, fits: (arg: Expr) => boolean): readonly OfKind<'call'>[] {
  return all(one, 'call').filter((call) => called(call) === 'CStr::from_ptr' && call.args[0] !== undefined && fits(uncast(call.args[0])));
}

const isParam =
  ({ ast, body }: Code) =>
  (arg: Expr): boolean => {
    const binding = variable(arg) === null ? null : body.bindingOf(arg);
    return binding?.kind === 'param' && ast.params.some((param) => param.name === binding.name && param.type.kind === 'pointer');
  };

/** The check of UTF-8 is left out. */
function unchecked(world: World): ReturnType<Mutator['mutations']> {
  const ok = (bytes: string): string => `Ok::<&str, std::str::Utf8Error>(unsafe { std::str::from_utf8_unchecked(${bytes}) })`;
  const isCheck = (expr: Expr): boolean => /^(str::)?from_utf8$/.test(called(expr));
  return each(atBoundary(world, /\bto_str\b|\bfrom_utf8\b/, 'export'), (one) => {
    const checks = all(one, 'method').filter(({ name }) => /to_str|lossy/.test(name)).length + all(one, 'call').filter(isCheck).length;
    // Whose docs speak of UTF-8 asks its callers for it.
    if (checks !== 1 || /utf-?8/i.test(one.ast.docs)) return [];
    const strings = all(one, 'method').flatMap((expr) => {
      const made = givenValue(expr.receiver, one.body);
      const [arg] = made.kind === 'call' && called(made) === 'CStr::from_ptr' ? made.args : [];
      if (expr.name !== 'to_str' || !arg || !isParam(one)(uncast(arg))) return [];
      return [[one.put(expr, ok(`${one.say(expr.receiver)}.to_bytes()`))]];
    });
    const slices = all(one, 'call').flatMap((expr) => {
      const [arg] = isCheck(expr) ? expr.args : [];
      const made = arg ? givenValue(arg, one.body) : null;
      const [pointer] = made?.kind === 'call' && /from_raw_parts$/.test(called(made)) ? made.args : [];
      return arg && pointer && isParam(one)(uncast(pointer)) ? [[one.put(expr, ok(one.say(arg)))]] : [];
    });
    return [...strings, ...slices];
  });
}

/** A text that C lends is given out for ever: `&'static` for `&'a`. */
function forEver(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bCStr::from_ptr\b/), (one) => {
    const found = one.ast.result ? lentIn(one.ast.result) : null;
    if (!found || found.lifetime === "'static" || texts(one, isParam(one)).length === 0) return [];
    if (!isReachable(one.item, world.workspace) || /static/i.test(one.ast.docs)) return [];
    const written = one.say(found);
    return [[one.put(found, written.replace(/^&\s*('\w+\s+)?/, "&'static "))]];
  });
}

/** The reference to a text in a result type: `&str`, `Option<&CStr>`. */
function lentIn(type: Type): Extract<Type, { kind: 'reference' }> | null {
  if (type.kind === 'reference') return !type.mutable && /^(str|CStr)$/.test(lastNameOf(type.referent)) ? type : null;
  if (type.kind !== 'path') return null;
  const [arg] = type.path.segments.at(-1)?.args ?? [];
  return arg?.kind === 'type' ? lentIn(arg.type) : null;
}

/** A literal format is left out, so that the text behind it is one. */
function withoutFormat(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /printf|syslog|NSLog|_log\b/), (one) =>
    all(one, 'call').flatMap((call): readonly (readonly FileEdit[])[] => {
      const found = one.foreign(call);
      const format = call.args.findIndex((arg) => /%s/.test(one.say(arg)) && /as_ptr\(\)/.test(one.say(arg)));
      const last = call.args.at(-1);
      const before = call.args[format];
      if (!found || !before || !last || format !== call.args.length - 2) return [];
      return [[one.put({ start: before.span.start, end: last.span.end }, one.say(last))]];
    }),
  );
}

/** Reads up to a NUL that need not be there. */
function untilNul(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bfrom_bytes_until_nul\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      const [arg] = called(call) === 'CStr::from_bytes_until_nul' ? call.args : [];
      const array = arg?.kind === 'reference' ? arg.operand : null;
      if (array?.kind !== 'field' || one.body.typeOf(array)?.kind !== 'array') return [];
      return [
        [
          one.put(
            call,
            `Ok::<_, std::ffi::FromBytesUntilNulError>(unsafe { std::ffi::CStr::from_ptr(${one.say(array)}.as_ptr().cast()) })`,
          ),
        ],
      ];
    }),
  );
}

export const STRING_MUTATORS: readonly Mutator[] = [
  { rule: 'dangling-temporary', does: 'keeps the pointer of a C string alone', mutations: pointersAlone },
  { rule: 'dangling-temporary', does: 'returns `as_ptr()` of what is made there, for `into_raw()`', mutations: lent(false) },
  { rule: 'return-local-buffer', does: 'returns `as_ptr()` of a local, for `into_raw()`', mutations: lent(true) },
  { rule: 'return-local-buffer', does: 'drops the `forget` of a buffer that is given out', mutations: remembered },
  { rule: 'unterminated-str-to-c', does: 'passes a text itself, for the `CString` made of it', mutations: unterminated },
  { rule: 'from-utf8-unchecked-foreign', does: 'leaves out the check of UTF-8', mutations: unchecked },
  { rule: 'cstr-static', does: "changes the lifetime of a result to `'static`", mutations: forEver },
  { rule: 'printf-nonliteral-format', does: 'drops the literal format', mutations: withoutFormat },
  { rule: 'cstr-over-fixed-array', does: 'drops the bound of the search for a NUL', mutations: untilNul },
];
