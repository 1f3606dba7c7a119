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
  /** What failed beside the others and passed alone afterwards: no failure, and still to be mended. */
  unsteady?: readonly Fault[];
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

/** More than this is no accident of a busy machine. */
const MAX_REPEATED_FILES = 3;

/** The files that are run a second time, alone; none where a failure has no file or too many files failed. */
export function filesToRepeat({ faults }: SuiteReport): readonly string[] {
  const files = faults.map(({ where }) => where.split(' > ')[0] ?? '');
  const all = files.every((file) => /\.test\.tsx?$/.test(file)) ? [...new Set(files)] : [];
  return all.length <= MAX_REPEATED_FILES ? all : [];
}

/** What failed twice has failed; what passed alone counts as passed, and is named. */
export function afterRepeating(first: SuiteReport, second: SuiteReport): SuiteReport {
  if (second.failed > 0 || second.skipped.length > 0) return first;
  return { ...first, passed: first.passed + first.failed, failed: 0, faults: [], unsteady: first.faults };
}

/** The parts that failed come last, each with what failed in it: who sees one screen of the end sees those. */
export function closingLines(parts: readonly Part[]): string {
  const sum = (pick: (part: Part) => number) => parts.reduce((total, part) => total + pick(part), 0);
  const unrun = (count: number) => (count > 0 ? `, ${count} did not run` : '');
  const ordered = [...parts.filter((part) => part.failed === 0), ...parts.filter((part) => part.failed > 0)];
  const partLine = ({ name, passed, failed, skipped, durationMs }: Part) =>
    `${failed > 0 ? 'FAIL' : ' ok '} ${name}: ${passed} passed, ${failed} failed${unrun(skipped.length)}, ${(durationMs / 1_000).toFixed(1)} s`;
  const total = `${sum((part) => part.passed)} passed, ${sum((part) => part.failed)} failed${unrun(sum((part) => part.skipped.length))}`;
  return [...ordered.flatMap((part) => [partLine(part), ...namedLines(part)]), total, ''].join('\n');
}

const MAX_FAULTS = 20;
const MAX_OTHERS = 4;
const MAX_LINE = 200;

function namedLines({ faults, skipped, unsteady = [] }: Part): string[] {
  const named = (word: string) => (fault: Fault) => oneLine(`${word} ${fault.where}: ${fault.why}`);
  return [
    ...atMost(
      skipped.map((name) => oneLine(`did not run: ${name}`)),
      MAX_OTHERS,
    ),
    ...atMost(unsteady.map(named('UNSTEADY, passed alone:')), MAX_OTHERS),
    ...atMost(faults.map(named('FAIL')), MAX_FAULTS),
  ];
}

const atMost = (lines: readonly string[], max: number): string[] =>
  lines.length <= max ? [...lines] : [...lines.slice(0, max - 1), `and ${lines.length - max + 1} more`];

/** Without the colours of a terminal, which errors of browsers hold. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Escape is what a colour begins with.
  const plain = text.replaceAll(/\u001b\[[0-9;]*m/g, '').replaceAll(/\s+/g, ' ');
  return plain.length <= MAX_LINE ? plain : `${plain.slice(0, MAX_LINE - 1)}…`;
}
