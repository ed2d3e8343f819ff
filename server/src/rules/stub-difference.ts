/** What a stub says otherwise than the function that it describes. */
import type { PythonParam } from '../model/python/stub.ts';

/** The end of a sentence about the stub; null where nothing is different that can be told. */
export function stubDifference(declared: readonly PythonParam[], own: readonly PythonParam[]): string | null {
  if ([...declared, ...own].some(({ kind }) => kind !== 'plain')) return null;
  // A leading `__` is how stubs once said that a parameter has no name to callers.
  if (declared.some(({ name }) => name.startsWith('__'))) return null;
  if (declared.length !== own.length)
    return `has ${declared.length} parameter${declared.length === 1 ? '' : 's'}, the function ${own.length}`;
  for (const param of declared.filter(({ by }) => by === 'name')) {
    if (!own.some((one) => one.name === param.name && one.by !== 'place'))
      return `has a parameter \`${param.name}\`, the function has none`;
  }
  const placed = declared.filter(({ by }) => by !== 'name');
  for (const [i, param] of placed.entries()) {
    const same = own.find((one) => one.name === param.name) ?? own[i];
    const here = own[i];
    if (!here || !same) continue;
    if (same.by === 'name' && same.name === param.name) return `takes \`${param.name}\` by its place, the function by its name only`;
    if (param.by === 'place' || here.by === 'place') continue;
    if (here.name !== param.name) return `calls a parameter \`${param.name}\` that is called \`${here.name}\``;
  }
  for (const [i, param] of declared.entries()) {
    const same = own.find((one) => one.name === param.name) ?? own[i];
    if (!same) continue;
    if (param.hasDefault !== same.hasDefault)
      return param.hasDefault ? `gives \`${param.name}\` a default that it has not got` : `has no default for \`${param.name}\``;
    const said = literal(param.defaultText);
    const real = literal(same.defaultText);
    // `None` in Rust mostly stands for a value that the function's body decides.
    if (said !== null && real !== null && real !== 'none' && said !== real)
      return `gives \`${param.name}\` the default ${param.defaultText}, the function ${same.defaultText}`;
  }
  return null;
}

/** A literal of either language in one spelling; null for anything else. */
function literal(text: string | null): string | null {
  const written = text?.trim() ?? '';
  if (/^(None|True|False|true|false)$/.test(written)) return written.toLowerCase();
  const number = /^-?\d[\d_]*(\.\d*)?(e[+-]?\d+)?(?:_?[iuf]\d+|_?[iu]size)?$/i.exec(written)?.[0];
  if (number !== undefined) return String(Number(number.replace(/_?([iuf]\d+|[iu]size)$/, '').replace(/_/g, '')));
  return /^"[^"\\]*"$|^'[^'\\]*'$/.test(written) ? `text ${written.slice(1, -1)}` : null;
}
