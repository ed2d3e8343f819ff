/** Written references that are said to live forever. */
import type { Type } from '../model/rust/ast-type.ts';

/** Whether a type is, or holds in an Option, Result or tuple, a `'static` reference to something that the test accepts. */
export function hasStatic(type: Type, test: (referent: Type) => boolean): boolean {
  if (type.kind === 'reference') return type.lifetime?.replace(/^'/, '') === 'static' && test(type.referent);
  if (type.kind === 'tuple') return type.elements.some((one) => hasStatic(one, test));
  if (type.kind !== 'path') return false;
  return (type.path.segments.at(-1)?.args ?? []).some((arg) => arg.kind === 'type' && hasStatic(arg.type, test));
}
