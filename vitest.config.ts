// Three suites: unit (beside the code), architecture (the laws of the house) and e2e (real peers, run by `npm test`).
import { defineConfig } from 'vitest/config';

const shared = { environment: 'node' as const, pool: 'forks' as const };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: [
            '{shared,relay,console,certs}/**/*.test.ts',
            '*.test.ts',
            'test/*.test.ts',
            'test/{lab,peers,chaos,bench,fuzz,security,fixtures}/**/*.test.ts',
          ],
          exclude: ['**/*.peer.test.ts', '**/node_modules/**'],
        },
      },
      { test: { ...shared, name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
      {
        test: {
          ...shared,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', '**/*.peer.test.ts'],
          exclude: ['**/node_modules/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
