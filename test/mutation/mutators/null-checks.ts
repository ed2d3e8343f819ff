/** Null checks taken away: statements, operands, conditions, and references that are made without asking. */
import { uncast } from '../../../server/src/analysis/ownership/owners.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import { contains } from '../../../server/src/base/text.ts';
import { unwrapBlock, variable } from '../../../server/src/analysis/walk.ts';
import type { Expr, Pattern, Statement } from '../../../server/src/model/rust/ast-expr.ts';
import type { Code, OfKind } from '../clean-bodies.ts';
import { all, atBoundary, bound, called, code, each, rewritten, statements } from '../clean-bodies.ts';
import type { Mutator, World } from '../world.ts';

interface Removal {
  readonly name: string;
  readonly edits: readonly FileEdit[];
  /** Where what was checked starts. */
  readonly from: number;
}

const DIVERGES = /\breturn\b|\babort\(|\bpanic!|\bexit\(|\bcontinue\b|\bbreak\b|\bunreachable!/;

/** The variable of `p.is_null()`. */
export function asked(condition: Expr): string | null {
  const at = unwrapBlock(condition);
  return at.kind === 'method' && at.name === 'is_null' && at.args.length === 0 ? variable(at.receiver) : null;
}

/** The operands of a chain of `||` or `&&`. */
function operands(condition: Expr, operator: string): readonly Expr[] {
  return condition.kind === 'binary' && condition.operator === operator
    ? [...operands(condition.left, operator), ...operands(condition.right, operator)]
    : [condition];
}

/** `if p.is_null() || … { return …; }` without that operand, or without the whole statement. */
function returns(one: Code, statement: Statement): readonly Removal[] {
  const check = statement.kind === 'expr' && statement.expr.kind === 'if' && !statement.expr.else ? statement.expr : null;
  if (!check || !DIVERGES.test(one.say(check.then))) return [];
  const parts = operands(check.condition, '||');
  return parts.flatMap((part) => {
    const name = asked(part);
    if (name === null) return [];
    const left = parts.filter((other) => other !== part).map((other) => one.say(other));
    const edits = left.length > 0 ? [one.put(check.condition, left.join(' || '))] : [one.put(statement, '')];
    return [{ name, edits, from: statement.span.end }];
  });
}

/** `if !p.is_null() { … }` as the block alone. */
function conditions(one: Code): readonly Removal[] {
  return all(one, 'if').flatMap((check) => {
    const { condition, else: other } = check;
    const positive = condition.kind === 'unary' && condition.operator === '!' ? asked(condition.operand) : null;
    if (positive !== null) return [{ name: positive, edits: [one.put(check, one.say(check.then))], from: check.then.span.start }];
    const negative = asked(condition);
    if (negative === null || !other || other.kind !== 'block') return [];
    return [{ name: negative, edits: [one.put(check, one.say(other))], from: other.span.start }];
  });
}

/** `assert!(!p.is_null())` */
function asserts(one: Code, statement: Statement): readonly Removal[] {
  const macro = statement.kind === 'expr' && statement.expr.kind === 'macro' ? statement.expr : null;
  const [condition] = macro?.args ?? [];
  if (macro?.path.segments.at(-1)?.name !== 'assert' || condition?.kind !== 'unary') return [];
  const name = asked(condition.operand);
  return name === null ? [] : [{ name, edits: [one.put(statement, '')], from: statement.span.end }];
}

/** `p.as_ref()` or `p.as_mut()` of a raw pointer that is a parameter. */
function referenced(expr: Expr, one: Code): OfKind<'method'> | null {
  const at = unwrapBlock(expr);
  if (at.kind !== 'method' || !/^as_(ref|mut)$/.test(at.name)) return null;
  const name = variable(at.receiver);
  const param = one.ast.params.find((other) => other.name === name);
  return param?.type.kind === 'pointer' && (at.name === 'as_ref' || param.type.mutable) ? at : null;
}

/** `let Some(x) = p.as_ref() else { … }`, `if let Some(x) = …`, `match p.as_ref() { Some(x) => …, None => … }`, each as `let x = &*p`. */
function references(one: Code): readonly Removal[] {
  const star = (at: OfKind<'method'>): string => `&${at.name === 'as_mut' ? 'mut ' : ''}*${one.say(at.receiver)}`;
  const some = (pattern: Pattern): string | null => {
    if (pattern.kind !== 'tuple-struct') return null;
    const [only] = pattern.elements;
    return pattern.path.segments.at(-1)?.name === 'Some' && only?.kind === 'binding' ? one.say(only) : null;
  };
  const bind = (name: string, value: Expr, at: OfKind<'method'>): string =>
    `let ${name} = ${rewritten(one, value, [{ span: at.span, text: star(at) }])};`;
  const found: Removal[] = [];
  for (const { statement } of statements(one)) {
    const at = statement.kind === 'let' && statement.else && statement.value ? referenced(statement.value, one) : null;
    if (statement.kind !== 'let' || !at || !statement.value) continue;
    const name = some(statement.pattern);
    const edits = name === null ? [] : [one.put(statement, bind(name, statement.value, at))];
    if (edits.length > 0) found.push({ name: variable(at.receiver) ?? '', edits, from: statement.span.end });
  }
  for (const check of all(one, 'if')) {
    const condition = check.condition.kind === 'let' ? check.condition : null;
    const at = condition ? referenced(condition.value, one) : null;
    const name = condition ? some(condition.pattern) : null;
    if (!condition || !at || name === null) continue;
    const edits = [one.put(check, `{ ${bind(name, condition.value, at)} ${one.say(check.then)} }`)];
    found.push({ name: variable(at.receiver) ?? '', edits, from: check.span.end });
  }
  for (const match of all(one, 'match')) {
    const at = referenced(match.scrutinee, one);
    const arm = match.arms.find((other) => some(other.pattern) !== null && !other.guard);
    const name = arm ? some(arm.pattern) : null;
    if (!at || !arm || name === null || match.arms.length !== 2) continue;
    const edits = [one.put(match, `{ ${bind(name, match.scrutinee, at)} ${one.say(arm.body)} }`)];
    found.push({ name: variable(at.receiver) ?? '', edits, from: match.span.end });
  }
  return found;
}

function removals(one: Code): readonly Removal[] {
  const found = statements(one).flatMap(({ statement }) => [...returns(one, statement), ...asserts(one, statement)]);
  return [...found, ...conditions(one)];
}

/** Whether a parameter is looked at in another way too, which may be a check. */
function askedElsewhere(one: Code, { name, edits, from }: Removal): boolean {
  const word = new RegExp(`\\b${name}\\b`, 'g');
  const [first] = edits;
  const before = one.say({ start: one.block.span.start, end: first?.span.start ?? from });
  const after = one.say({ start: from, end: one.block.span.end });
  return (
    word.test(before) ||
    new RegExp(
      `\\b${name}\\b\\s*(\\.\\s*(is_null|as_ref|as_mut|cast)|[!=]=)|\\w+!\\s*[({][^)}]*\\b${name}\\b|let\\s+(mut\\s+)?${name}\\b|NonNull`,
    ).test(after)
  );
}

/** Checks of an export's parameters, taken out where what follows uses the pointer in a given way. */
function withoutCheck(rule: string, used: (name: string) => RegExp): Mutator {
  return {
    rule,
    does: 'removes the null check',
    mutations: (world) =>
      each(atBoundary(world, /\bis_null\b/, 'export'), (one) =>
        removals(one)
          .filter((removal) => {
            const { name, from } = removal;
            if (!one.ast.params.some((param) => param.name === name && param.type.kind === 'pointer')) return false;
            if (askedElsewhere(one, removal) || one.say(one.block).length > 4000) return false;
            return used(name).test(one.say({ start: from, end: one.block.span.end }));
          })
          .map(({ edits }) => edits),
      ),
  };
}

/** The null check of what the C library returned, kept in a variable that is then used in a given way. */
function ofResults(used: (name: string) => RegExp, world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bis_null\b/), (one) =>
    statements(one).flatMap(({ block, statement }) => {
      const call = statement.kind === 'let' && statement.value ? uncast(statement.value) : null;
      const name = statement.kind === 'let' ? bound(statement) : null;
      const known = call ? (one.foreign(call)?.known ?? null) : null;
      if (name === null || !call || !known?.nullable) return [];
      // Where something is null that `dlopen` or `dlsym` gave, there is a message.
      const failed = all(one, 'if').some(({ condition, then }) => /\bis_null\b/.test(one.say(condition)) && contains(then.span, call.span));
      if (failed && /\bdlerror$/.test(called(call))) return [];
      const later = block.statements.slice(block.statements.indexOf(statement) + 1);
      return later.flatMap((next) =>
        returns(one, next)
          .filter((removal) => removal.name === name)
          .filter(({ from }) => used(name).test(one.say({ start: from, end: block.span.end })))
          .map(({ edits }) => edits),
      );
    }),
  );
}

/** The first statement that reads through a parameter is put before the check of it. */
function tooLate(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /\bis_null\b/, 'export'), (one) =>
    statements(one).flatMap(({ block, index, statement }) => {
      if (statement.kind !== 'expr' || statement.expr.kind !== 'if' || statement.expr.else || block !== one.block) return [];
      const name = asked(statement.expr.condition);
      const param = one.ast.params.find((other) => other.name === name);
      const next = block.statements[index + 1];
      if (name === null || param?.type.kind !== 'pointer' || next?.kind !== 'let' || !next.value) return [];
      // Under the same name the check would be one of the reference.
      if (bound(next) === name) return [];
      const read = new RegExp(
        `^(unsafe\\s*\\{\\s*)?(&(mut )?\\*\\s*${name}|\\(\\*${name}\\)\\.\\w+|\\*${name}|${name}\\.read\\(\\))(\\s*\\})?$`,
      );
      if (!read.test(one.say(next.value)) || !DIVERGES.test(one.say(statement.expr.then))) return [];
      if (new RegExp(`\\b${name}\\b`).test(one.say({ start: block.span.start, end: statement.span.start }))) return [];
      return [[one.put(statement, one.say(next)), one.put(next, one.say(statement))]];
    }),
  );
}

export const NULL_MUTATORS: readonly Mutator[] = [
  withoutCheck('missing-null-check', (name) => new RegExp(`\\*\\s*${name}\\b(?!\\s*[.(])|\\b${name}\\s*\\.\\s*(read|write)\\s*\\(`)),
  {
    rule: 'missing-null-check',
    does: 'makes a reference without asking, for `as_ref` and `as_mut`',
    mutations: (world) =>
      each(atBoundary(world, /\bas_(ref|mut)\b/, 'export'), (one) =>
        references(one)
          .filter((removal) => !askedElsewhere(one, removal))
          .map(({ edits }) => edits),
      ),
  },
  withoutCheck('cstr-from-null', (name) => new RegExp(`CStr::from_ptr\\(\\s*${name}\\s*\\)`)),
  withoutCheck('slice-from-null', (name) => new RegExp(`slice::from_raw_parts(_mut)?\\(\\s*${name}\\s*,`)),
  withoutCheck('from-raw-null', (name) => new RegExp(`(Box|Arc|Rc|CString)::from_raw\\(\\s*${name}\\s*\\)`)),
  {
    rule: 'unchecked-extern-return',
    does: 'removes the null check of what C returned',
    mutations: (world) =>
      ofResults(
        (name) => new RegExp(`\\*\\s*${name}\\b(?!\\s*[.(])|\\bnew_unchecked\\(\\s*${name}\\b|\\b${name}\\.(write|read)\\(`),
        world,
      ),
  },
  {
    rule: 'cstr-from-null',
    does: 'removes the null check of what C returned',
    mutations: (world) => ofResults((name) => new RegExp(`CStr::from_ptr\\(\\s*${name}\\b`), world),
  },
  { rule: 'null-check-after-deref', does: 'moves the null check behind the first use', mutations: tooLate },
  {
    rule: 'mmap-null-check',
    does: 'compares with null, for `MAP_FAILED`',
    mutations: (world) =>
      each(code(world, /\bMAP_FAILED\b/), (one) =>
        all(one, 'binary').flatMap(({ operator, left, right, span }) =>
          operator === '==' && /\bMAP_FAILED$/.test(one.say(right)) && called(left) === ''
            ? [[one.put(span, `${one.say(left)}.is_null()`)]]
            : [],
        ),
      ),
  },
];
