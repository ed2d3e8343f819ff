/** Writes in a stub what the function really takes: the name of a parameter, whether it has a default, and which. */
import type { PythonParam, StubFn, StubParam } from '../model/python/stub.ts';
import type { FileEdit } from '../base/edit.ts';
import { sliceSpan } from '../base/text.ts';
import { stubDifference } from './stub-difference.ts';
import type { Fix } from './rule.ts';

/** Null where there are more or fewer parameters, or where they are given in another way: what is meant then is not to be seen. */
export function stubFix(file: string, declared: StubFn, own: readonly PythonParam[], text: string): Fix | null {
  if (declared.params.length !== own.length) return null;
  const edits: FileEdit[] = [];
  const names = new Set(declared.params.map(({ name }) => name));
  for (const [i, param] of declared.params.entries()) {
    const real = own[i];
    // Another order, or a name that the stub has elsewhere, is no slip of the pen.
    if (real?.kind !== 'plain' || param.kind !== 'plain' || real.by !== param.by) return null;
    if (real.name !== param.name && names.has(real.name)) return null;
    const code = written(param, real, sliceSpan(text, param.span));
    if (code === null) return null;
    if (code !== sliceSpan(text, param.span)) edits.push({ file, span: param.span, text: code });
  }
  const mended = own.map((real, i) => ({ ...real, defaultText: declared.params[i]?.hasDefault ? real.defaultText : null }));
  return edits.length === 0 || stubDifference(mended, own) !== null ? null : { title: 'say the same in the stub', safe: false, edits };
}

/** A parameter of the stub with the name and default of the real one; null where it is not written plainly. */
function written(param: StubParam, real: PythonParam, code: string): string | null {
  const parts = /^(\w+)(\s*:[^=]*?)?(\s*=\s*)?((?<==\s*)[^=]*)?$/s.exec(code);
  if (!parts || parts[1] !== param.name) return null;
  const type = parts[2] ?? '';
  if (!real.hasDefault) return `${real.name}${type}`;
  const spaced = type === '' ? '=' : ' = ';
  if (!param.hasDefault) return `${real.name}${type}${spaced}...`;
  const same = param.defaultText?.trim() ?? '...';
  const value = real.defaultText === null || /^(\.\.\.|None)$/.test(same) ? same : (python(real.defaultText) ?? same);
  return `${real.name}${type}${parts[3] ?? spaced}${value}`;
}

/** A literal of Rust in Python; null for anything else. */
function python(text: string): string | null {
  const value = text.trim();
  if (value === 'true' || value === 'false') return `${value[0]?.toUpperCase() ?? ''}${value.slice(1)}`;
  const number = /^(-?\d[\d_]*(?:\.\d+)?)(?:_?[iuf]\d+|_?[iu]size)?$/.exec(value)?.[1];
  return number ?? (/^"[^"\\]*"$/.test(value) ? value : null);
}
