/** What macros put into the fields of a class, by their text: blocks that are compiled under a condition, and macros of the crate. */
import type { MacroExpr } from '../../model/rust/ast-expr.ts';
import type { Field } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Binding, Body } from '../types/local-types-body.ts';

export interface MacroStores {
  /** The fields of the class into which a macro call puts something that was given; what its text does not show is none. */
  stored(call: MacroExpr, item: RustItem, fields: readonly Field[], body: Body, given: ReadonlySet<Binding>): readonly string[];
}

export function createMacroStores(workspace: Workspace): MacroStores {
  const definitions = new Map<string, string>();
  return {
    stored(call, item, fields, body, given) {
      const text = workspace.slice(body.item.file, call.tokens);
      const names = [...given].map(({ name }) => name).filter((name) => new RegExp(`\\b${name}\\b`).test(text));
      if (names.length === 0) return [];
      const made = new RegExp(`\\b(Self|${item.name})\\s*\\{`).test(text);
      const macro = /\bself\b/.test(text) ? definition(call.path.segments.at(-1)?.name ?? '') : '';
      return fields
        .map(({ name }) => name)
        .filter(
          (field) =>
            (made && new RegExp(`\\b${field}\\s*:[^,{}]*\\b(${names.join('|')})\\b`).test(text)) ||
            new RegExp(`\\.\\s*${field}\\s*(=(?!=)|\\.\\s*(set|replace|insert|push)\\s*\\()[^;]*\\$\\w+`).test(macro),
        );
    },
  };

  /** The text of the crate's own `macro_rules!`, empty for others. */
  function definition(name: string): string {
    const known = definitions.get(name);
    if (known !== undefined) return known;
    let found = '';
    const head = new RegExp(`\\bmacro_rules!\\s*${name}\\s*\\{`);
    for (const file of name === '' ? [] : workspace.filesNaming(name)) {
      const text = workspace.text(file);
      const at = head.exec(text);
      if (at) found = text.slice(at.index, closing(text, at.index + at[0].length));
    }
    definitions.set(name, found);
    return found;
  }
}

/** Behind the brace that closes what is open at a place. */
function closing(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; at < text.length && depth > 0; at++) {
    if (text[at] === '{') depth++;
    else if (text[at] === '}') depth--;
  }
  return at;
}
