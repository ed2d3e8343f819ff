/** Cuts a source into its directives and the stretches of text between them. */

export interface Directive {
  /** `define`, `if` …; empty for text. */
  readonly name: string;
  /** What stands behind the name, up to the end of the line; empty for text. */
  readonly rest: string;
  /** Offsets in the source's text; a text reaches to the next directive. */
  readonly start: number;
  readonly end: number;
}

const DIRECTIVE = /^[ \t\v\f\ufeff]*#[ \t\v\f]*([a-z_]*)(.*)$/gm;

/** `text` is spliced and free of comments. A `#` alone and what no compiler knows (`# 12 "a.h"`) are left out. */
export function directives(text: string): readonly Directive[] {
  const out: Directive[] = [];
  let at = 0;
  DIRECTIVE.lastIndex = 0;
  for (let found = DIRECTIVE.exec(text); found; found = DIRECTIVE.exec(text)) {
    const start = found.index;
    const end = start + found[0].length;
    if (start > at) out.push({ name: '', rest: '', start: at, end: start });
    if (found[1]) out.push({ name: found[1], rest: found[2] ?? '', start, end });
    at = end;
  }
  if (at < text.length) out.push({ name: '', rest: '', start: at, end: text.length });
  return out;
}
