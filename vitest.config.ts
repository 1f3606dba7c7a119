// Three suites: unit (beside the code), architecture (the laws of the house) and e2e (real peers, run by `npm test`).
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const shared = {
  environment: 'node' as const,
  pool: 'forks' as const,
  // 20 s: a poll ends as soon as it is true; only what never becomes true waits that long.
  expect: { poll: { timeout: 20_000 } },
};
// Files of one suite share a process: no module of ours keeps state, and a process per file costs as much again as the tests.
// 30 s: it finds what hangs; a busy machine may starve a healthy test for longer than the usual 5 s.
const quick = { ...shared, isolate: false, testTimeout: 30_000 };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...quick,
          name: 'unit',
          include: [
            '{shared,relay,console,certs,release}/**/*.test.ts',
            '*.test.ts',
            'test/*.test.ts',
            'test/{lab,peers,chaos,bench,fuzz,security,fixtures}/**/*.test.ts',
          ],
          exclude: ['**/*.peer.test.ts', '**/node_modules/**'],
        },
      },
      { test: { ...quick, name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', '**/*.peer.test.ts'],
          exclude: ['**/node_modules/**'],
          // 3 min: it finds what hangs; thirty restarts of a program take half a minute, and longer where others work too.
          testTimeout: 180_000,
          hookTimeout: 60_000,
          globalSetup: ['test/e2e/built-first.ts'],
          // Most of these wait for a peer or a page: five at a time keep two cores busy.
          maxWorkers: 5,
          // A process per file would load half of the program a hundred times: two seconds of processor each.
          isolate: false,
          // Pages that stand side by side in one browser: more of them starve each other.
          maxConcurrency: 3,
        },
      },
    ],
  },
});
