/** Names that a C text puts together by `##`: what macros declare that nobody spells out. */

/** A part that is pasted: a word as written, or the argument at an index. */
type Part = string | number;

/**
 * `geo_config_speed_set` for `#define PROP(name) void geo_config_##name##_set(int)` and `PROP(speed)`. Arguments that are no single word
 * make no name; macros that only hand their arguments on to others are not followed.
 */
export function pastedNames(text: string): ReadonlySet<string> {
  const out = new Set<string>();
  if (!text.includes('##')) return out;
  const plain = text.replace(/\\\r?\n/g, ' ').replace(/\/\*[\s\S]*?\*\//g, ' ');
  const macros = new Map<string, readonly (readonly Part[])[]>();
  for (const [, name = '', params = '', body = ''] of plain.matchAll(/^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)]*)\)(.*)$/gm)) {
    const at = params.split(',').map((param) => param.trim());
    const pasted = [...body.matchAll(/\w+(?:\s*##\s*\w+)+/g)].map(([words]) =>
      words.split(/\s*##\s*/).map((word): Part => (at.includes(word) ? at.indexOf(word) : word)),
    );
    if (pasted.length > 0) macros.set(name, pasted);
  }
  if (macros.size === 0) return out;
  for (const [, name = '', given = ''] of plain.matchAll(/\b(\w+)\s*\(([^()]*)\)/g)) {
    const args = macros.has(name) ? given.split(',').map((arg) => arg.trim()) : [];
    for (const parts of macros.get(name) ?? []) {
      const made = parts.map((part) => (typeof part === 'string' ? part : (args[part] ?? '?'))).join('');
      if (/^[A-Za-z_]\w*$/.test(made)) out.add(made);
    }
  }
  return out;
}
