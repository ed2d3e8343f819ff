/** Which rustc a workspace is compiled with, and whether its MIR is one that is understood. */
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { runProcess } from '../../host/process.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import { readLints } from '../../model/extract/mir/read-lints.ts';
import { readMir } from '../../model/extract/mir/read-mir.ts';
import { firstError } from '../rust/diagnostics.ts';
import { rustcProgram } from '../rust/toolchain.ts';
import { FIRST_MINOR, LINTS, MIR_ENVIRONMENT, mirArguments } from './mir-flags.ts';

/** What `rustc -vV` says, whole: it names version, commit and host. */
export async function rustcVersion(folder: string, cancellation: Cancellation): Promise<string | { readonly failure: string }> {
  const { stdout, failure, code } = await runProcess(rustcProgram(), ['-vV'], { cwd: folder, timeout: 30_000, cancellation });
  if (failure !== null) return { failure: `rustc ${failure}` };
  return code === 0 && stdout.startsWith('rustc ') ? stdout : { failure: 'rustc does not tell its version' };
}

/** A crate in which each thing that is read stands once, and what must be seen there. */
const SAMPLE = `pub struct Own;
impl Own { pub fn unwrap(&self) -> u8 { 3 } }
pub extern "C" fn sample(x: Option<u8>, p: *const u8, n: usize, list: &[u8]) -> u8 {
    let own = Own.unwrap();
    let read = unsafe { *p };
    let sum = move || own + read;
    x.unwrap() + sum() + list[n]
}
`;

/** null where the sample's MIR is understood, else why not: every other answer of this rustc would be a guess then. */
export async function selfTest(folder: string, version: string, fs: FileSystem, cancellation: Cancellation): Promise<string | null> {
  const minor = /^rustc 1\.(\d+)\./.exec(version)?.[1];
  const name = version.split('\n')[0] ?? 'rustc';
  if (minor === undefined || Number(minor) < FIRST_MINOR) return `${name} is older than 1.${FIRST_MINOR}, whose facts are not read`;
  const answer = await withTemporaryFolder(async (temporary) => {
    const source = joinPath(temporary, 'sample.rs');
    const output = joinPath(temporary, 'sample.mir');
    const failure = atomicWrite(source, SAMPLE);
    if (failure) return failure;
    const args = ['--edition=2021', '--crate-type=lib', '--crate-name=sample', '--cap-lints=allow', source, ...mirArguments(output)];
    const run = await runProcess(rustcProgram(), args, { cwd: folder, env: MIR_ENVIRONMENT, timeout: 60_000, cancellation });
    if (run.failure !== null) return { failure: `${name} ${run.failure}` };
    if (run.code !== 0) return { failure: `${name} does not compile a small sample: ${firstError(run.stderr, temporary)}` };
    const text = fs.read(output);
    return !isFailure(text) && isUnderstood(text, run.stderr) ? null : { failure: `the MIR of ${name} is not understood` };
  });
  return answer === null ? null : answer.failure;
}

function isUnderstood(text: string, said: string): boolean {
  const { bodies, strange } = readMir(text);
  const body = bodies.find(({ name }) => name === 'sample');
  if (strange > 0 || !body || body.leaves) return false;
  const own = body.calls.find(({ name: at }) => at?.line === 4);
  const unwrap = body.calls.find(({ name: at }) => at?.line === 7 && at.column === 7);
  return (
    own?.callee === 'Own::unwrap' &&
    unwrap?.callee === 'std::option::Option::<u8>::unwrap' &&
    body.derefs.some(({ span, pointer }) => span?.line === 5 && pointer === '*const u8') &&
    body.asserts.some(({ kind, span }) => kind === 'bounds' && span?.line === 7) &&
    body.closures.some(({ captures, span }) => captures.join() === 'u8,u8' && span?.line === 6) &&
    body.variables.some(({ span, type }) => span.column === 41 && type === '*const u8') &&
    readLints(said, LINTS).some(({ span }) => span.line === 3)
  );
}
