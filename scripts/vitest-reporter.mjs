/** Hands vitest's counts, the names of failures and the reasons of skips to the script that started it: JSON into the file FFI_LINT_TEST_REPORT names. */
import { writeFileSync } from 'node:fs';

export default class Summary {
  onTestRunEnd(modules, unhandled) {
    const summary = { passed: 0, failed: unhandled.length, failures: unhandled.map(({ message }) => String(message)), skipped: [] };
    for (const module of modules) {
      // A file that could not be loaded has no tests, and is one failure.
      if (module.errors().length > 0) {
        summary.failed++;
        summary.failures.push(module.relativeModuleId);
      }
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') summary.passed++;
        else if (state === 'failed') {
          summary.failed++;
          summary.failures.push(`${module.relativeModuleId}: ${test.fullName}`);
        } else summary.skipped.push({ name: test.fullName, reason: note ?? 'no reason given' });
      }
    }
    if (process.env.FFI_LINT_TEST_REPORT) writeFileSync(process.env.FFI_LINT_TEST_REPORT, JSON.stringify(summary));
  }
}
