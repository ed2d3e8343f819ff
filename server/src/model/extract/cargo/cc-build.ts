/** What a build script tells the `cc` crate in literals: `.file("a.c")`, `.include("include")`, `.define("A", "1")`, `.flag("-std=c11")`. */
import { joinPath } from '../../../base/paths.ts';
import {
  AMPERSAND,
  BRACE_CLOSE,
  BRACE_OPEN,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  COLON,
  COMMA,
  DOT,
  PAREN_CLOSE,
  PAREN_OPEN,
} from '../../../syntax/rust/chars.ts';
import { END, IDENT, NUMBER, STRING, createScan, next, tokenText } from '../../../syntax/rust/lexer.ts';
import { stringValue } from '../../../syntax/rust/string-value.ts';
import type { CFlags } from '../../c/flags.ts';
import { joinFlags, NO_FLAGS } from '../../c/flags.ts';
import { readCommandLine } from '../c/command-line.ts';

export interface CcBuild {
  readonly flags: CFlags;
  /** Absolute paths of the sources that it names. */
  readonly files: readonly string[];
}

interface Call {
  readonly method: string;
  /** Values of string literals, null for anything else. */
  readonly args: readonly (string | null)[];
  /** How many braces are open around it. */
  readonly depth: number;
}

const METHODS = new Set(['file', 'files', 'include', 'includes', 'define', 'flag', 'flag_if_supported', 'std']);

/** `folder` is that of the package, in which build scripts run. Null where the script does not use the crate. */
export function readCcBuild(text: string, folder: string): CcBuild | null {
  if (!/\bcc\s*::\s*Build\b|\buse\s+cc\b/.test(text)) return null;
  const files: string[] = [];
  let flags = NO_FLAGS;
  const add = (more: Partial<CFlags>): void => {
    flags = joinFlags(flags, { ...NO_FLAGS, ...more });
  };
  // CMake's builder has methods of the same names.
  const others = /\bcmake\b/.test(text);
  for (const { method, args, depth } of calls(text)) {
    const [first, second] = args;
    const sure = depth <= 1 && !others;
    if (method === 'file' || method === 'files') files.push(...args.filter((one) => one !== null).map((one) => joinPath(folder, one)));
    else if (method === 'include' || method === 'includes')
      add({ includeDirs: args.filter((one) => one !== null).map((one) => joinPath(folder, one)) });
    else if (typeof first !== 'string') continue;
    else if (method === 'define') {
      if (sure && second !== null) add({ defines: [second === undefined ? first : `${first}=${second}`] });
      else add({ doubtful: [first] });
    } else if (method === 'std') {
      if (sure) add({ others: [`-std=${first}`] });
    } else {
      const given = readCommandLine([first], folder);
      const names = given.defines.map((one) => one.split('=')[0] ?? '');
      add(sure && method === 'flag' ? given : { includeDirs: given.includeDirs, doubtful: names });
    }
  }
  return { flags, files };
}

/** What may stand around a literal: `&["a", "b"]`, `Path::new("a")`. */
const AROUND = new Set([BRACKET_OPEN, BRACKET_CLOSE, AMPERSAND, COLON, PAREN_CLOSE]);

/** Calls of the methods that count, in order, with their arguments as far as they are literals. */
function calls(text: string): readonly Call[] {
  const out: Call[] = [];
  const scan = createScan(text);
  let depth = 0;
  for (let kind = next(scan); kind !== END; kind = next(scan)) {
    if (kind === BRACE_OPEN) depth++;
    else if (kind === BRACE_CLOSE) depth--;
    if (kind !== IDENT || scan.previous !== DOT) continue;
    const method = tokenText(scan);
    if (!METHODS.has(method) || next(scan) !== PAREN_OPEN) continue;
    out.push({ method, args: literals(), depth });
  }
  return out;

  /** Up to the closing parenthesis. `None` is no argument, `Some("1")` its string; the members of a list count as arguments. */
  function literals(): readonly (string | null)[] {
    const args: (string | null)[] = [];
    let open = 1;
    let current: string | null | undefined;
    let pure = true;
    for (let kind = next(scan); kind !== END; kind = next(scan)) {
      if (kind === PAREN_OPEN) open++;
      else if (kind === PAREN_CLOSE && --open === 0) break;
      else if (kind === COMMA) {
        if (current !== undefined || !pure) args.push(pure ? (current ?? null) : null);
        current = undefined;
        pure = true;
      } else if (kind === STRING) current = stringValue(tokenText(scan));
      else if (kind === IDENT && tokenText(scan) === 'None' && current === undefined) return args;
      else if (kind === IDENT && !['Some', 'Path', 'new'].includes(tokenText(scan))) pure = false;
      else if (kind > NUMBER && !AROUND.has(kind)) pure = false;
    }
    if (current !== undefined || !pure) args.push(pure ? (current ?? null) : null);
    return args;
  }
}
