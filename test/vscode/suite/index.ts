/** The suite that runs inside VS Code: each test prints one line, and a failed one fails the run. */
import { restricted } from './restricted.ts';
import { trusted } from './trusted.ts';

export interface Test {
  readonly name: string;
  run(): Promise<void>;
}

/** Called by VS Code's test runner; FFI_LINT_SUITE says which tests. */
export async function run(): Promise<void> {
  const tests = process.env['FFI_LINT_SUITE'] === 'restricted' ? restricted : trusted;
  let failed = 0;
  for (const test of tests) {
    try {
      await test.run();
      console.log(`ok ${test.name}`);
    } catch (error) {
      failed++;
      console.log(`not ok ${test.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} of ${tests.length} tests failed`);
}
