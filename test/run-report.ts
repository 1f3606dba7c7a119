// What the parts of `npm test` came to, the one line that sums them up, and by name whatever failed or did not run.

export interface Fault {
  /** File and name of the test, of the describe block whose hook failed, or of the file that did not load. */
  where: string;
  why: string;
}

/** What failure-reporter.ts writes of one run of vitest. */
export interface SuiteReport {
  passed: number;
  failed: number;
  faults: readonly Fault[];
  /** Tests that did not run: skipped, to be written, or behind a hook that failed. */
  skipped: readonly string[];
}

export interface Part extends SuiteReport {
  name: string;
  durationMs: number;
}

const NOTHING: SuiteReport = { passed: 0, failed: 0, faults: [], skipped: [] };

/** A run that ended badly counts as failed, even where no single test did: a file that does not load holds no tests. */
export function suiteReport(reportText: string | undefined, exitCode: number | null): SuiteReport {
  const report = parsed(reportText);
  const endedBadly = exitCode !== 0 || report.passed === 0 || report.faults.length > 0;
  const failed = endedBadly ? Math.max(1, report.failed) : report.failed;
  const isUntold = failed > 0 && report.faults.length === 0;
  const untold: Fault = { where: 'vitest', why: `ended with ${exitCode} and named no test; see its output above` };
  return { ...report, failed, faults: isUntold ? [untold] : report.faults };
}

function parsed(reportText: string | undefined): SuiteReport {
  try {
    return { ...NOTHING, ...JSON.parse(reportText ?? '{}') };
  } catch {
    return NOTHING; // an unfinished report counts for nothing; the exit code says that it failed
  }
}

/** Of a command that is one test by itself. */
export const commandReport = (name: string, exitCode: number | null): SuiteReport =>
  exitCode === 0
    ? { ...NOTHING, passed: 1 }
    : {
        ...NOTHING,
        failed: 1,
        faults: [{ where: name, why: exitCode === null ? 'did not end by itself' : `ended with ${exitCode}` }],
      };

export function closingLines(parts: readonly Part[]): string {
  const sum = (pick: (part: Part) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  const unrun = ({ length }: readonly string[]) => (length > 0 ? `, ${length} did not run` : '');
  const lines = parts.map(
    ({ name, passed, failed, skipped, durationMs }) =>
      `${failed > 0 ? 'FAIL' : ' ok '} ${name}: ${passed} passed, ${failed} failed${unrun(skipped)}, ${seconds(durationMs)} s`,
  );
  const total = `${sum((part) => part.passed)} passed, ${sum((part) => part.failed)} failed${unrun(parts.flatMap((part) => part.skipped))}`;
  return [...lines, total, ...namedLines(parts), ''].join('\n');
}

/** Who sees the end of the output only, a screen of it, reads there which failed. */
const MAX_FAULTS = 20;
const MAX_SKIPPED = 6;
const MAX_LINE = 200;

function namedLines(parts: readonly Part[]): string[] {
  const faults = parts.flatMap((part) => part.faults.map(({ where, why }) => oneLine(`FAIL ${where}: ${why}`)));
  const skipped = parts.flatMap((part) => part.skipped.map((name) => oneLine(`did not run: ${name}`)));
  // The skipped come first: what failed stands at the very end.
  return [...atMost(skipped, MAX_SKIPPED), ...atMost(faults, MAX_FAULTS)];
}

const atMost = (lines: readonly string[], max: number): string[] =>
  lines.length <= max ? [...lines] : [...lines.slice(0, max - 1), `and ${lines.length - max + 1} more`];

/** Without the colours of a terminal, which errors of browsers hold. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Escape is what a colour begins with.
  const plain = text.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll(/\s+/g, ' ');
  return plain.length <= MAX_LINE ? plain : `${plain.slice(0, MAX_LINE - 1)}…`;
}
