/** The fn pointer types that are written inside a type, at any depth. */
import type { FnPointerType, Type } from '../rust/ast-type.ts';

export function fnPointersIn(type: Type): readonly FnPointerType[] {
  const out: FnPointerType[] = [];
  collect(type, out);
  return out;
}

function collect(type: Type, out: FnPointerType[]): void {
  switch (type.kind) {
    case 'fn':
      out.push(type);
      for (const p of type.params) collect(p.type, out);
      if (type.result) collect(type.result, out);
      return;
    case 'pointer':
      collect(type.pointee, out);
      return;
    case 'reference':
      collect(type.referent, out);
      return;
    case 'slice':
    case 'array':
      collect(type.element, out);
      return;
    case 'tuple':
      for (const e of type.elements) collect(e, out);
      return;
    case 'path':
      for (const segment of type.path.segments)
        for (const arg of segment.args) if (arg.kind === 'type' || arg.kind === 'binding') collect(arg.type, out);
      return;
    default:
      return;
  }
}
