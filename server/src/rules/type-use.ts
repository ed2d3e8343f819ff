/** Words and places for uses of types at the boundary, shared by the rules about types. */
import type { TypeUse } from '../model/surface/surface.ts';
import type { Claim } from './claim.ts';
import type { At } from './rule.ts';

/** `is passed by value to `f`` and the like: what happens to the type there, for messages. */
export function howUsed(use: TypeUse): string {
  const name = `\`${use.item.name}\``;
  switch (use.position) {
    case 'param':
      return `is passed by value to ${name}`;
    case 'result':
      return `is returned by value from ${name}`;
    case 'static':
      return `is the type of static ${name}`;
    case 'fn-pointer-param':
      return `is passed by value to the fn pointer in ${name}`;
    case 'fn-pointer-result':
      return `is returned by value from the fn pointer in ${name}`;
  }
}

/** The place in words: `parameter `x` of `f``. */
export function whereUsed(use: TypeUse): string {
  const name = `\`${use.item.name}\``;
  switch (use.position) {
    case 'param':
      return use.name ? `parameter \`${use.name}\` of ${name}` : `a parameter of ${name}`;
    case 'result':
      return `the return type of ${name}`;
    case 'static':
      return `static ${name}`;
    case 'fn-pointer-param':
      return `a fn pointer parameter in ${name}`;
    case 'fn-pointer-result':
      return `a fn pointer result in ${name}`;
  }
}

export function atUse(use: TypeUse): At {
  return { file: use.file, span: use.type.span };
}

/** That rustc's lint refuses the type too. In what is only declared here it has no body that shows that it was compiled. */
export function refused(use: TypeUse): Claim {
  const own = (use.role === 'export' || use.role === 'callback') && (use.position === 'param' || use.position === 'result');
  return { kind: 'refused-type', at: atUse(use), item: own ? use.item : null };
}

/** Enough places to see the pattern; a type can be used in hundreds of signatures. */
const SHOWN = 3;

export function relatedUses(uses: readonly TypeUse[]): { readonly at: At; readonly message: string }[] {
  return uses.slice(0, SHOWN).map((use) => ({ at: atUse(use), message: `used here, in ${whereUsed(use)}` }));
}
