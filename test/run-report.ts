// What the parts of `npm test` came to, and the one line that sums them up.

export interface Part {
  name: string;
  passed: number;
  failed: number;
  durationMs: number;
}

/** The counts of vitest's JSON report, as far as we need it. */
interface VitestReport {
  numPassedTests?: unknown;
  numFailedTests?: unknown;
}

const countOf = (value: unknown) => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0);

/** A run that ended badly counts as failed, even where no single test did: a file that does not load holds no tests. */
export function vitestCounts(
  reportText: string | undefined,
  exitCode: number | null,
): { passed: number; failed: number } {
  let report: VitestReport = {};
  try {
    report = JSON.parse(reportText ?? '{}') ?? {};
  } catch {
    // An unfinished report counts for nothing; the exit code below says that it failed.
  }
  const passed = countOf(report.numPassedTests);
  const failed = countOf(report.numFailedTests);
  const endedBadly = exitCode !== 0 || passed === 0;
  return { passed, failed: endedBadly ? Math.max(1, failed) : failed };
}

export function closingLines(parts: readonly Part[]): string {
  const sum = (pick: (part: Part) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const lines = parts.map(
    ({ name, passed, failed, durationMs }) =>
      `${failed > 0 ? 'FAIL' : ' ok '} ${name}: ${passed} passed, ${failed} failed, ${seconds(durationMs)} s`,
  );
  return [...lines, `${sum((part) => part.passed)} passed, ${sum((part) => part.failed)} failed`, ''].join('\n');
}
