/** The outside of a run of the command line: streams, environment, what the package brings. Tests hand in their own. */
import type { Cancellation } from '../base/cancel.ts';
import type { Rule } from '../rules/rule.ts';

export interface CliIo {
  stdout(text: string): void;
  stderr(text: string): void;
  /** All of standard input. */
  stdin(): Promise<string>;
  /** Absolute, forward slashes. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Columns of the terminal that stdout is; left out where that is not known. */
  readonly columns?: number;
  /** Ctrl-C was pressed. */
  readonly interrupted: Cancellation;
}

/** What the installed package holds. */
export interface Installation {
  /** The folder of package.json, with grammars/ and dist/. */
  readonly root: string;
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The file that holds all of the running program; left out where it runs from its sources. */
  readonly program?: string;
}

export interface Context {
  readonly io: CliIo;
  readonly installation: Installation;
}
