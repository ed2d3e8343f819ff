/** C types as text, as one writes them. */
import type { CExpr, CType } from './ast.ts';

/** The type with a name in its place, or alone for an empty name: `int (*f)(void)`. */
export function cTypeText(type: CType, name = ''): string {
  switch (type.kind) {
    case 'base':
    case 'named':
      return spaced(type.name, name);
    case 'tag':
      return spaced(`${type.tag} ${type.name}`, name);
    case 'record':
      return spaced(`${type.record.kind}${type.record.tag === null ? ' { … }' : ` ${type.record.tag}`}`, name);
    case 'enum':
      return spaced(`enum${type.enum.tag === null ? ' { … }' : ` ${type.enum.tag}`}`, name);
    case 'pointer': {
      const inner = type.to.kind === 'array' || type.to.kind === 'function' ? `(*${name})` : `*${name}`;
      return `${type.const ? 'const ' : ''}${cTypeText(type.to, inner)}`;
    }
    case 'array':
      return cTypeText(type.of, `${name}[${type.length === null ? '' : exprText(type.length)}]`);
    case 'function': {
      const params = type.fn.params.map((param) => cTypeText(param.type));
      const list = type.fn.variadic ? [...params, '...'] : params.length === 0 && !type.fn.unprototyped ? ['void'] : params;
      return cTypeText(type.fn.result, `${name}(${list.join(', ')})`);
    }
    case 'unknown':
      return spaced('?', name);
  }
}

function spaced(type: string, name: string): string {
  return name === '' || name.startsWith('[') ? type + name : `${type} ${name}`;
}

function exprText(expr: CExpr): string {
  switch (expr.kind) {
    case 'number':
      return String(expr.value);
    case 'name':
      return expr.name;
    default:
      return '…';
  }
}
