/** Reads what rustc's lints say out of its JSON output. */
import type { MirLint } from '../../compiled/mir.ts';
import { readDiagnostics } from '../rustc-json.ts';

/** Those of the given names. Places in a macro's definition are left out: they are nobody's. */
export function readLints(output: string, names: ReadonlySet<string>): readonly MirLint[] {
  return readDiagnostics(output, (line) => line.includes('"code":{')).flatMap(({ code, message, primary }) =>
    code !== null && names.has(code)
      ? primary.flatMap(({ expansion, ...span }) => (expansion === null && span.endColumn > 0 ? [{ name: code, span, message }] : []))
      : [],
  );
}
