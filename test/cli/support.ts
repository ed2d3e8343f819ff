/** Runs the command line in this process, with what it reads and writes captured. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CliIo, Installation } from '../../server/src/cli/io.ts';
import { runCli } from '../../server/src/cli/run.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { rules } from '../../server/src/rules/registry.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly rules?: readonly Rule[];
  readonly interrupted?: boolean;
  /** The file of the program that runs; results are kept between runs only with one. */
  readonly program?: string;
  /** Called with all of stderr whenever something is added; true presses Ctrl-C. */
  watch?(err: string): boolean;
}

export async function run(cwd: string, argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let out = '';
  let err = '';
  let pressed = options.interrupted ?? false;
  const io: CliIo = {
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
      pressed ||= options.watch?.(err) ?? false;
    },
    stdin: async () => options.stdin ?? '',
    cwd,
    env: options.env ?? {},
    stdoutIsTerminal: options.terminal ?? false,
    stderrIsTerminal: options.terminal ?? false,
    interrupted: {
      get cancelled() {
        return pressed;
      },
    },
  };
  const { program } = options;
  const installation: Installation = {
    root,
    version: '1.2.3',
    rules: options.rules ?? rules,
    ...(program === undefined ? {} : { program }),
  };
  const code = await runCli(argv, io, installation);
  return { code, out, err };
}

/** The findings of a JSON report as `file:line rule`. */
export function found(ran: Ran): readonly string[] {
  const report: { readonly findings: readonly { file: string; rule: string; range: { start: { line: number } } }[] } = JSON.parse(ran.out);
  return report.findings.map(({ file, rule, range }) => `${file}:${range.start.line} ${rule}`);
}

export const MANIFEST = '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';

/** A crate with one finding that has a safe fix, on line 1 of src/lib.rs. */
export const PAIR = `pub struct Pair {
    pub x: f64,
    pub y: f64,
}

#[no_mangle]
pub extern "C" fn pair_sum(p: Pair) -> f64 {
    p.x + p.y
}
`;

export const CLEAN = '#[no_mangle]\npub extern "C" fn add(a: i32, b: i32) -> i32 {\n    a.wrapping_add(b)\n}\n';
