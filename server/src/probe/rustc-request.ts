/** The request that the rustc wrapper reads: which crate of a build to compile some more times, and how. Its format is in native/src/rustc/request.rs. */

export interface RustcPass {
  /** The root file to compile in place of the crate's own (absolute path). */
  readonly root: string;
  /** Added to what cargo gives to rustc. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly unset: readonly string[];
  /** Where output and `exit CODE` go (absolute paths). */
  readonly stdout: string;
  readonly stderr: string;
  readonly status: string;
}

export interface RustcRequest {
  /** As rustc's `--crate-name`. */
  readonly crate: string;
  /** The crate's own root file (absolute path). */
  readonly source: string;
  /** What follows the passes: the compilation that cargo asked for, or none, so that cargo does not take the crate for built. */
  readonly after: 'rustc' | 'stop';
  readonly passes: readonly RustcPass[];
}

/** The version of the format; the wrapper leaves a request of another one alone. */
const PROTOCOL = 1;

/** The environment variable that names the request's file. */
export const REQUEST_VARIABLE = 'FFI_LINT_RUSTC_REQUEST';

/** null where a value has a line end in it, which the format cannot say. */
export function requestText(request: RustcRequest): string | null {
  const lines = [`ffi-lint-rustc ${PROTOCOL}`, `crate ${request.crate}`, `source ${request.source}`, `after ${request.after}`];
  for (const pass of request.passes) {
    lines.push(
      'pass',
      `root ${pass.root}`,
      ...pass.args.map((arg) => `arg ${arg}`),
      ...Object.entries(pass.env).map(([name, value]) => `env ${name}=${value}`),
      ...pass.unset.map((name) => `unset ${name}`),
      `stdout ${pass.stdout}`,
      `stderr ${pass.stderr}`,
      `status ${pass.status}`,
    );
  }
  return lines.some((line) => /[\r\n]/.test(line)) ? null : `${lines.join('\n')}\n`;
}
