// The reporter of `npm test`: writes what failed and what did not run, also of hooks, files and stray errors, which vitest's JSON leaves out.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';
import type { Fault, SuiteReport } from './run-report.ts';

/** Names the file that the report is written to. */
export const REPORT_VARIABLE = 'RMM_TEST_REPORT';

const messageOf = (error: SerializedError | undefined): string => error?.message || error?.name || 'no message';

const nameOf = (test: TestCase | TestSuite): string => `${test.module.relativeModuleId} > ${test.fullName}`;

/** Of a file that does not load or a hook that fails: the tests in it did not run. */
const hookFaults = (where: string, errors: readonly SerializedError[]): Fault[] =>
  errors.map((error) => ({ where, why: `did not run: ${messageOf(error)}` }));

function faultsOf(module: TestModule): Fault[] {
  const suites = [...module.children.allSuites()];
  const failed = [...module.children.allTests('failed')];
  return [
    ...hookFaults(module.relativeModuleId, module.errors()),
    ...suites.flatMap((suite) => hookFaults(nameOf(suite), suite.errors())),
    ...failed.map((test) => ({ where: nameOf(test), why: messageOf(test.result().errors?.[0]) })),
  ];
}

/** A test that nobody waited for is as little a success as one that is skipped. */
const didNotRun = (test: TestCase): boolean => ['skipped', 'pending'].includes(test.result().state);

/** The file whose run a stray error came from, where vitest knows it: that file is run once more, like one with a failed test. */
function placeOf({ VITEST_TEST_PATH: file }: SerializedError): string {
  const stray = 'outside of every test';
  return typeof file === 'string' ? `${path.relative(process.cwd(), file)} > ${stray}` : stray;
}

export default class FailureReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly SerializedError[]): void {
    const file = process.env[REPORT_VARIABLE];
    if (file === undefined) return;
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const report: SuiteReport = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed: tests.filter((test) => test.result().state === 'failed').length,
      faults: [
        ...modules.flatMap(faultsOf),
        ...strayErrors.map((error) => ({ where: placeOf(error), why: messageOf(error) })),
      ],
      skipped: tests.filter(didNotRun).map(nameOf),
    };
    writeFileSync(file, JSON.stringify(report));
  }
}
