/** Mistakes with owners, made by changing what real code takes back, keeps and frees. */
import { isReachable } from '../../../server/src/rules/reachable.ts';
import { givenValue, uncast } from '../../../server/src/analysis/ownership/owners.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { Code } from '../clean-bodies.ts';
import { all, atBoundary, called, code, each, lets, statements, unwrapBlock, variable } from '../clean-bodies.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { at, isClean, lastNameOf, pointerParams, text } from '../world.ts';

/** Names of fns that may well end an object's life, and words in those that hand an owner on: what the rules' pages leave out. */
export const ENDS =
  /free|drop|destroy|release|delete|close|dealloc|into|consume|take|finish|final|clear|end|remove|stop|kill|build|exit|cancel|commit|complete|done|reset|send|submit|exec|run|move|convert|set|add|push|insert|append/i;
export const HANDS_OVER =
  /from_raw|into_raw|forget|leak|ManuallyDrop|increment_strong_count|into_inner|\.take\(|Weak|mem::|consum|ownership|freed/;

/** Whether an export of the workspace frees a box of such a type by its parameter. */
export function isFreedElsewhere(world: World, pointee: string): boolean {
  return world.surface.functions.some(
    (fn) =>
      fn.role === 'export' &&
      pointerParams(fn).some(
        (one) =>
          one.pointee === pointee && new RegExp(`\\bBox::from_raw\\(\\s*${one.name}\\s*\\)`).test(text(fn.item, fn.item.entry.span, world)),
      ),
  );
}

/** `&*p` and `&mut *p` of a parameter, as `Box::from_raw(p)`. */
function accidental(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /&\s*(mut\s+)?\*/, 'export'), (one) => {
    if (!one.fn || ENDS.test(one.ast.name) || HANDS_OVER.test(one.say(one.item.entry.span))) return [];
    const params = new Map(pointerParams(one.fn).map((param) => [param.name, param]));
    return lets(one).flatMap(({ value }) => {
      const made = value ? unwrapBlock(value) : null;
      const name =
        made?.kind === 'reference' && made.operand.kind === 'unary' && made.operand.operator === '*'
          ? variable(made.operand.operand)
          : null;
      const param = params.get(name ?? '');
      if (!made || !param || !isFreedElsewhere(world, param.pointee)) return [];
      return [[one.put(made, `Box::from_raw(${param.name}${param.mutable ? '' : '.cast_mut()'})`)]];
    });
  });
}

/** `Box::from_raw(p as *mut T)` of a `*mut c_void`, without the cast. */
function untyped(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bfrom_raw\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      const [arg] = /^(Box|Rc|Arc)::from_raw$/.test(called(call)) ? call.args : [];
      const written = arg ? uncast(arg) : null;
      const name = written ? variable(written) : null;
      const param = one.ast.params.find((other) => other.name === name);
      if (!arg || !written || arg === written || param?.type.kind !== 'pointer' || lastNameOf(param.type.pointee) !== 'c_void') return [];
      const binding = one.body.bindingOf(written);
      return binding?.kind === 'param' && param.type.mutable ? [[one.put(arg, name ?? '')]] : [];
    }),
  );
}

/** The statement that frees a parameter, once more. */
function twice(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /\bfrom_raw\b/, 'export', 'callback'), (one) =>
    statements(one).flatMap(({ statement }) => {
      const own = statement.kind === 'item' ? '' : one.say(statement);
      const taken =
        /^(?:unsafe\s*\{\s*)?(?:drop\(|(?:std::)?mem::drop\(|let _ = |let _\w+ = )?(?:unsafe \{\s*)?(?:\w+::)*(?:Box|Arc|CString)::from_raw\(\s*(\w+)[^()]*\)\s*\}?\)?;?\s*\}?;?$/.exec(
          own,
        );
      const name = taken?.[1];
      if (!name || !one.ast.params.some((param) => param.name === name && param.type.kind === 'pointer')) return [];
      return [[one.put(at(statement.span.end), ` ${own.replace(/let _\w+ =/, 'let _mutant =')}`)]];
    }),
  );
}

/** `CStr::from_ptr` of what C gave, as `CString::from_raw`. */
function notOurs(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bCStr::from_ptr\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      const [arg] = called(call) === 'CStr::from_ptr' ? call.args : [];
      const made = arg ? givenValue(arg, one.body) : null;
      const found = made ? one.foreign(made) : null;
      const result = found?.ast?.result;
      if (
        !arg ||
        !found ||
        (found.known ? found.known.owner === null : result?.kind !== 'pointer' || !/^(c_char|i8)$/.test(lastNameOf(result.pointee)))
      )
        return [];
      if (/user_?data|context|opaque|get_?ptr|private|closure|into_raw|rust/i.test(found.name)) return [];
      if (world.surface.functions.some((fn) => fn.role === 'export' && fn.symbol === found.name)) return [];
      return [[one.put(call, `std::ffi::CString::from_raw((${one.say(arg)}) as *mut _)`)]];
    }),
  );
}

/** What is registered with a callback is the address of a local, not of a box. */
function onStack(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\binto_raw\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      if (!one.foreign(call) || !REGISTERS.test(one.foreign(call)?.name ?? '')) return [];
      return call.args.flatMap((arg) => {
        const made = givenValue(arg, one.body);
        const [inner] = made.kind === 'call' && called(made) === 'Box::into_raw' ? made.args : [];
        const value = inner ? givenValue(inner, one.body) : null;
        const [kept] = value?.kind === 'call' && called(value) === 'Box::new' ? value.args : [];
        const name = kept ? variable(kept) : null;
        const binding = kept && name !== null ? one.body.bindingOf(kept) : null;
        if (name === null || !binding || !(binding.kind === 'param' || binding.kind === 'let')) return [];
        return [[one.put(arg, `&mut ${name} as *mut _ as *mut std::ffi::c_void`)]];
      });
    }),
  );
}

const REGISTERS =
  /(^|_)(register|subscribe|install|on)(_|$)|set_?\w*(callback|handler|hook|listener|cb)s?(_|$)|add_\w*(callback|handler|listener|cb)/;

/** `ManuallyDrop::new(Arc::from_raw(p))` as the owner itself, forgotten at the end. */
function forgotten(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bManuallyDrop\b[^;]*from_raw\b/), (one) => {
    const { abi } = one.ast;
    if (abi !== null && !abi.endsWith('-unwind')) return [];
    return lets(one).flatMap((statement) => {
      const made = statement.value ? unwrapBlock(statement.value) : null;
      const [inner] = made?.kind === 'call' && called(made) === 'ManuallyDrop::new' ? made.args : [];
      const name = statement.pattern.kind === 'binding' ? statement.pattern.name : null;
      const taken = inner ? unwrapBlock(inner) : null;
      const { tail } = one.block;
      if (!made || !inner || !taken || name === null || !/^(Box|Arc|Rc)::from_raw$/.test(called(taken))) return [];
      if (!one.block.statements.includes(statement)) return [];
      // A count that is raised panics for nobody.
      const user = all(one, 'call').some((call) => call.span.start > statement.span.end && !/^(Rc|Arc)::clone$/.test(called(call)));
      if (!user && !all(one, 'method').some((call) => call.span.start > statement.span.end && call.name !== 'clone')) return [];
      const forget = `std::mem::forget(${name});`;
      const end = tail
        ? one.put(tail, `let mutant = ${one.say(tail)}; ${forget} mutant`)
        : one.put(at(one.block.span.end - 1), ` ${forget} `);
      return [[one.put(made, one.say(inner)), end]];
    });
  });
}

/** `unsafe impl<T: Send> Send for …` without the bound. */
function unbound(world: World): readonly Mutation[] {
  return world.workspace.items.flatMap((item): readonly Mutation[] => {
    if (item.kind !== 'impl' || !/(^|::)(Send|Sync)$/.test(item.entry.implTrait ?? '') || !isClean(item, world)) return [];
    const ast = world.workspace.ast(item);
    if (ast?.kind !== 'impl' || !ast.unsafe || ast.negative || ast.generics.length === 0 || ast.selfType.kind !== 'path') return [];
    const type = world.workspace.resolve(ast.selfType.path, { module: item.module, item }, 'type');
    if (type.kind !== 'item' || !isReachable(type.item, world.workspace)) return [];
    // Whoever says why has thought about it.
    const above = world.workspace.text(item.file).slice(0, ast.signatureSpan.start).split('\n').slice(-3, -1);
    if (above.some((line) => /^\s*\/\//.test(line))) return [];
    // What is only spoken of is nothing that goes to another thread.
    const struct = world.workspace.ast(type.item);
    const held =
      struct?.kind === 'struct'
        ? struct.fields.map((field) => text(type.item, field.type.span, world)).filter((one) => !/PhantomData/.test(one))
        : [];
    if (
      struct?.kind !== 'struct' ||
      !struct.generics.some(
        ({ name, bounds }) =>
          bounds.length === 0 && held.some((one) => new RegExp(`^(\\*(mut|const) |Box<|UnsafeCell<|NonNull<|Arc<)?${name}>?$`).test(one)),
      )
    )
      return [];
    const header = text(item, { start: ast.signatureSpan.start, end: ast.selfType.span.end }, world);
    const bound = /<([^<>]*?)(\s*:\s*(?:'static\s*\+\s*)?(?:Send|Sync)(?:\s*\+\s*(?:Send|Sync|'static))*)([,\s>])/.exec(header);
    const where = /\bwhere\b[^{]*/.exec(text(item, { start: ast.selfType.span.end, end: ast.span.end }, world));
    if (bound?.[2] && !where) {
      const start = ast.signatureSpan.start + bound.index + 1 + (bound[1]?.length ?? 0);
      return [
        { edits: [{ file: item.file.path, span: { start, end: start + bound[2].length }, text: '' }], where: lastNameOf(ast.selfType) },
      ];
    }
    if (!where || !/\b(Send|Sync)\b/.test(where[0]) || bound) return [];
    const start = ast.selfType.span.end + where.index;
    return [
      { edits: [{ file: item.file.path, span: { start, end: start + where[0].length }, text: '' }], where: lastNameOf(ast.selfType) },
    ];
  });
}

/** The callback in a call of C whose address is kept, for the fn itself. */
export function itemOf(expr: Expr, one: Code, world: World): boolean {
  if (expr.kind !== 'path' || one.body.bindingOf(expr)) return false;
  const found = world.workspace.resolve(expr.path, one.body.scope, 'value');
  return found.kind === 'item' && found.item.kind === 'fn';
}

const FN = 'unsafe extern "C" fn()';

/** A cast of a fn to a plain pointer reads through it first; `transmute` gets the address of what holds the fn. */
function indirect(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bas \*(const|mut)\b|\btransmute\b/), (one) => {
    const casts = all(one, 'cast').flatMap((cast) => {
      const known = cast.type.kind === 'pointer' && itemOf(cast.operand, one, world);
      return known ? [[one.put(cast, `*(${one.say(cast.operand)} as *const ${FN}) as ${one.say(cast.type)}`)]] : [];
    });
    const transmutes = all(one, 'call').flatMap((call) => {
      const types = call.callee.kind === 'path' ? call.callee.path.segments.flatMap(({ args }) => args) : [];
      const [arg] = /transmute$/.test(called(call)) && types.length === 0 ? call.args : [];
      const plain = arg ? uncast(arg) : null;
      return arg && plain && itemOf(plain, one, world) ? [[one.put(arg, `&${one.say(plain)}`)]] : [];
    });
    return [...casts, ...transmutes];
  });
}

export const OWNER_MUTATORS: readonly Mutator[] = [
  { rule: 'accidental-free-in-accessor', does: 'takes the box back, for a reference', mutations: accidental },
  { rule: 'from-raw-void', does: 'drops the cast of what is freed', mutations: untyped },
  { rule: 'double-from-raw', does: 'repeats the statement that frees', mutations: twice },
  { rule: 'allocator-mismatch', does: 'takes a text of C as a `CString`, for a `CStr`', mutations: notOurs },
  { rule: 'stack-userdata', does: 'drops the box around user data', mutations: onStack },
  { rule: 'panic-unsafe-ownership', does: 'turns `ManuallyDrop` into a `forget` at the end', mutations: forgotten },
  { rule: 'send-impl-without-bound', does: 'drops the bound of a `Send` or `Sync`', mutations: unbound },
  { rule: 'fn-pointer-double-indirection', does: 'reads a fn pointer out of a function, for its address', mutations: indirect },
];
