/** Hands vitest's counts and the reasons of its skips to the script that started it: JSON into the file FFI_LINT_TEST_REPORT names. */
import { writeFileSync } from 'node:fs';

export default class Summary {
  onTestRunEnd(modules, unhandled) {
    const summary = { passed: 0, failed: unhandled.length, skipped: [] };
    for (const module of modules) {
      // A file that could not be loaded has no tests, and is one failure.
      if (module.errors().length > 0) summary.failed++;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') summary.passed++;
        else if (state === 'failed') summary.failed++;
        else summary.skipped.push({ name: test.fullName, reason: note ?? 'no reason given' });
      }
    }
    if (process.env.FFI_LINT_TEST_REPORT) writeFileSync(process.env.FFI_LINT_TEST_REPORT, JSON.stringify(summary));
  }
}
