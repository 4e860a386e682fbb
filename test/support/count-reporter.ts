import type { Reporter, TestModule } from 'vitest/node'

/** Ends the run with the one line that people and machines look for. Skipped tests count as failed. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    let passed = 0
    let failed = errors.length
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        if (test.result().state === 'passed') passed += 1
        else failed += 1
        // A second try is never silent.
        if (test.diagnostic()?.flaky === true) process.stdout.write(`needed a second try: ${test.fullName}\n`)
      }
      if (tests.length === 0) failed += 1
    }
    if (passed === 0 || failed > 0) process.exitCode = 1
    // After the default reporter's own summary.
    setImmediate(() => process.stdout.write(`${String(passed)} passed, ${String(failed)} failed\n`))
  }
}
