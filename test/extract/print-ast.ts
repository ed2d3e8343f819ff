/** Prints the plain AST as short S-expressions, so that tests can be read; types are printed nearly as Rust. */
import type { Attribute } from '../../server/src/model/rust/attribute.ts';
import type { Expr, MatchArm, Pattern, Statement } from '../../server/src/model/rust/ast-expr.ts';
import type { Field, FnItem, Item, SelfParam } from '../../server/src/model/rust/ast-item.ts';
import type { GenericArg, GenericParam, Path, QualifiedSelf, Type } from '../../server/src/model/rust/ast-type.ts';

/** `(head part part)`; parts that are empty are left out. */
function list(head: string, ...parts: readonly (string | null | false | undefined)[]): string {
  return `(${[head, ...parts].filter((part) => typeof part === 'string' && part !== '').join(' ')})`;
}

export function printPath(path: Path, self: QualifiedSelf | null = null): string {
  const segments = path.segments.map((segment) => segment.name + printArgs(segment.args)).join('::');
  if (!self) return (path.global ? '::' : '') + segments;
  const trait = self.trait ? ` as ${printPath(self.trait)}` : '';
  return `<${printType(self.type)}${trait}>::${segments}`;
}

function printArgs(args: readonly GenericArg[]): string {
  return args.length === 0 ? '' : `<${args.map(printArg).join(', ')}>`;
}

function printArg(arg: GenericArg): string {
  switch (arg.kind) {
    case 'type':
      return printType(arg.type);
    case 'lifetime':
      return arg.name;
    case 'const':
      return `=${arg.text}`;
    case 'binding':
      return `${arg.name} = ${printType(arg.type)}`;
  }
}

export function printType(type: Type): string {
  switch (type.kind) {
    case 'path':
      return printPath(type.path, type.self);
    case 'pointer':
      return `*${type.mutable ? 'mut' : 'const'} ${printType(type.pointee)}`;
    case 'reference':
      return `&${type.lifetime ? `${type.lifetime} ` : ''}${type.mutable ? 'mut ' : ''}${printType(type.referent)}`;
    case 'slice':
      return `[${printType(type.element)}]`;
    case 'array':
      return `[${printType(type.element)}; ${printExpr(type.length)}]`;
    case 'tuple':
      return `(${type.elements.map(printType).join(', ')})`;
    case 'fn': {
      const params = type.params.map((param) => (param.name ? `${param.name}: ` : '') + printType(param.type));
      if (type.variadic) params.push('...');
      const head = [
        type.forLifetimes.length > 0 && `for<${type.forLifetimes.join(', ')}>`,
        type.unsafe && 'unsafe',
        type.abi !== null && `extern "${type.abi}"`,
      ];
      const result = type.result ? ` -> ${printType(type.result)}` : '';
      return `${[...head, `fn(${params.join(', ')})`].filter(Boolean).join(' ')}${result}`;
    }
    case 'never':
      return '!';
    case 'dyn':
    case 'impl':
      return `${type.kind}{${type.bounds.map((bound) => printPath(bound)).join(' + ')}}`;
    case 'infer':
      return '_';
    case 'macro':
      return `${printPath(type.path)}!`;
    case 'unknown':
      return `?type ${type.text}?`;
  }
}

export function printPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'wildcard':
      return '_';
    case 'rest':
      return '..';
    case 'binding': {
      const name = `${pattern.byRef ? 'ref ' : ''}${pattern.mutable ? 'mut ' : ''}${pattern.name}`;
      return pattern.sub ? `${name} @ ${printPattern(pattern.sub)}` : name;
    }
    case 'path':
      return printPath(pattern.path);
    case 'tuple-struct':
      return `${printPath(pattern.path)}(${pattern.elements.map(printPattern).join(', ')})`;
    case 'struct': {
      const fields = pattern.fields.map((field) => `${field.name}: ${printPattern(field.pattern)}`);
      return `${printPath(pattern.path)}{${[...fields, ...(pattern.rest ? ['..'] : [])].join(', ')}}`;
    }
    case 'tuple':
      return `(${pattern.elements.map(printPattern).join(', ')})`;
    case 'slice':
      return `[${pattern.elements.map(printPattern).join(', ')}]`;
    case 'reference':
      return `&${pattern.mutable ? 'mut ' : ''}${printPattern(pattern.pattern)}`;
    case 'or':
      return pattern.alternatives.map(printPattern).join(' | ');
    case 'literal':
      return printExpr(pattern.value);
    case 'range':
      return `${pattern.from ? printExpr(pattern.from) : ''}..${pattern.to ? printExpr(pattern.to) : ''}`;
    case 'unknown':
      return '?pattern?';
  }
}

export function printExpr(expr: Expr): string {
  switch (expr.kind) {
    case 'path':
      return printPath(expr.path, expr.self);
    case 'literal':
      return ['int', 'string', 'bool', 'char'].includes(expr.literal) ? expr.text : `${expr.literal}:${expr.text}`;
    case 'call':
      return list('call', printExpr(expr.callee), ...expr.args.map(printExpr));
    case 'method':
      return list(`.${expr.name}${printArgs(expr.generics)}`, printExpr(expr.receiver), ...expr.args.map(printExpr));
    case 'field':
      return list(`field ${expr.name}`, printExpr(expr.base));
    case 'macro':
      return list(`${printPath(expr.path)}!${expr.delimiter}`, ...(expr.args ? expr.args.map(printExpr) : ['?']));
    case 'closure': {
      const params = expr.params.map((param) => printPattern(param.pattern) + (param.type ? `: ${printType(param.type)}` : ''));
      const head = [expr.async && 'async', expr.move && 'move', 'closure'].filter(Boolean).join(' ');
      return list(head, `|${params.join(', ')}|`, expr.result && `-> ${printType(expr.result)}`, printExpr(expr.body));
    }
    case 'block': {
      const head = `${expr.flavor === 'plain' ? '' : `${expr.flavor} `}${expr.label ? `${expr.label} ` : ''}block`;
      return list(head, ...expr.statements.map(printStatement), expr.tail && `=> ${printExpr(expr.tail)}`);
    }
    case 'if':
      return list('if', printExpr(expr.condition), printExpr(expr.then), expr.else && `else ${printExpr(expr.else)}`);
    case 'let':
      return list('let', printPattern(expr.pattern), '=', printExpr(expr.value));
    case 'match':
      return list('match', printExpr(expr.scrutinee), ...expr.arms.map(printArm));
    case 'loop': {
      const label = expr.label ? `${expr.label} ` : '';
      const head = [
        expr.pattern && printPattern(expr.pattern),
        expr.iterable && `in ${printExpr(expr.iterable)}`,
        expr.condition && printExpr(expr.condition),
      ];
      return list(`${label}${expr.flavor}`, ...head, printExpr(expr.body));
    }
    case 'index':
      return list('index', printExpr(expr.base), printExpr(expr.index));
    case 'unary':
      return list(expr.operator, printExpr(expr.operand));
    case 'reference':
      return list(`&${expr.raw ? 'raw ' : ''}${expr.mutable ? 'mut' : ''}`.trim(), printExpr(expr.operand));
    case 'binary':
    case 'assign':
      return list(expr.operator, printExpr(expr.left), printExpr(expr.right));
    case 'cast':
      return list('as', printExpr(expr.operand), printType(expr.type));
    case 'range':
      return list(expr.inclusive ? '..=' : '..', expr.from ? printExpr(expr.from) : '-', expr.to ? printExpr(expr.to) : '-');
    case 'try':
      return list('?', printExpr(expr.operand));
    case 'await':
      return list('await', printExpr(expr.operand));
    case 'return':
    case 'yield':
      return list(expr.kind, expr.value && printExpr(expr.value));
    case 'break':
      return list('break', expr.label, expr.value && printExpr(expr.value));
    case 'continue':
      return list('continue', expr.label);
    case 'tuple':
    case 'array':
      return list(expr.kind, ...expr.elements.map(printExpr));
    case 'repeat':
      return list('repeat', printExpr(expr.element), printExpr(expr.length));
    case 'struct': {
      const fields = expr.fields.map((field) => `${field.name}: ${printExpr(field.value)}`);
      return list(`struct ${printPath(expr.path)}`, ...fields, expr.base && `..${printExpr(expr.base)}`);
    }
    case 'unknown':
      return '?expr?';
  }
}

function printArm(arm: MatchArm): string {
  return list(
    'arm',
    printAttributes(arm.attributes),
    printPattern(arm.pattern),
    arm.guard && `if ${printExpr(arm.guard)}`,
    printExpr(arm.body),
  );
}

export function printStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'expr':
      return `${printAttributes(statement.attributes)}${printExpr(statement.expr)};`;
    case 'item':
      return printItem(statement.item);
    case 'let':
      return list(
        'let',
        printAttributes(statement.attributes),
        printPattern(statement.pattern),
        statement.type && `: ${printType(statement.type)}`,
        statement.value && `= ${printExpr(statement.value)}`,
        statement.else && `else ${printExpr(statement.else)}`,
      );
  }
}

function printAttributes(attributes: readonly Attribute[]): string {
  return attributes.map((attribute) => `#${attribute.inner ? '!' : ''}[${attribute.unsafe ? 'unsafe ' : ''}${attribute.path}]`).join('');
}

function printGenerics(generics: readonly GenericParam[]): string {
  if (generics.length === 0) return '';
  const one = (param: GenericParam) => {
    const bounds = param.bounds.length > 0 ? `: ${param.bounds.join(' + ')}` : '';
    return `${param.kind === 'const' ? 'const ' : ''}${param.name}${bounds}${param.type ? `: ${printType(param.type)}` : ''}`;
  };
  return `<${generics.map(one).join(', ')}>`;
}

function printField(field: Field): string {
  const visibility = field.visibility === 'private' ? '' : `${field.visibility} `;
  return list(`${visibility}${field.name}`, printAttributes(field.attributes), printType(field.type));
}

function printSelf(self: SelfParam): string {
  const word = { value: 'self', ref: '&self', 'ref-mut': '&mut self' }[self.kind];
  return self.type ? `${word}: ${printType(self.type)}` : word;
}

function printFn(item: FnItem): string[] {
  const words = [
    item.const && 'const',
    item.async && 'async',
    item.safe && 'safe',
    item.unsafe && 'unsafe',
    item.abi !== null && `extern:${item.abi}`,
  ].filter((word) => typeof word === 'string');
  const params = item.params.map((param) => `${printAttributes(param.attributes)}${printPattern(param.pattern)}: ${printType(param.type)}`);
  if (item.self) params.unshift(printSelf(item.self));
  if (item.variadic) params.push('...');
  return [...words, `(${params.join(', ')})`, item.result ? `-> ${printType(item.result)}` : '', item.body ? printExpr(item.body) : ''];
}

export function printItem(item: Item): string {
  const name = item.name === '' ? '' : ` ${item.name}`;
  const head = `${item.visibility === 'private' ? '' : `${item.visibility} `}${item.kind}${name}${printGenerics(item.generics)}`;
  return list(head, printAttributes(item.attributes), item.docs && JSON.stringify(item.docs), ...printBody(item));
}

function printBody(item: Item): (string | null | false)[] {
  switch (item.kind) {
    case 'fn':
      return printFn(item);
    case 'struct':
    case 'union':
      return [item.shape, ...item.fields.map(printField)];
    case 'enum':
      return item.variants.map((variant) =>
        list(
          `${variant.name} ${variant.shape}`,
          printAttributes(variant.attributes),
          ...variant.fields.map(printField),
          variant.discriminant && `= ${printExpr(variant.discriminant)}`,
        ),
      );
    case 'type':
      return [item.type && printType(item.type)];
    case 'const':
    case 'static':
      return [item.mutable && 'mut', item.type && printType(item.type), item.value && `= ${printExpr(item.value)}`];
    case 'impl':
      return [
        item.unsafe && 'unsafe',
        item.negative && '!',
        item.trait && `${printPath(item.trait)} for`,
        printType(item.selfType),
        ...item.members.map(printItem),
      ];
    case 'trait':
      return [item.unsafe && 'unsafe', ...item.members.map(printItem)];
    case 'extern-block':
      return [item.unsafe && 'unsafe', `"${item.abi}"`, ...item.members.map(printItem)];
    default:
      return [];
  }
}
