// A console on a file system that is really full (ENOSPC), in a mount namespace of its own.
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';

const inNamespace = (...command: string[]) =>
  spawnSync('unshare', ['--map-root-user', '--mount', ...command], { encoding: 'utf8', timeout: 50_000 });

// Containers may forbid namespaces; the unit tests cover the same levels with figures.
const isAllowed = inNamespace('true').status === 0;

test.skipIf(!isAllowed)(
  'a disk that fills stops metrics before people and outcomes, and all goes on once there is room',
  () => {
    const folder = tempFolder(onTestFinished);
    const run = inNamespace(process.execPath, '--import', 'tsx', 'test/peers/full-console-child.ts', folder);
    expect(run.stderr).toBe('');
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({
      hadBallast: true,
      first: 'ok',
      short: ['ok', 'ok', 'ok'],
      full: ['disk-full', 'ok', 'ok', false],
      none: ['SQLITE_FULL', 2],
      after: ['ok', 'ok', 'ok', 'ok', true, 'plenty'],
      told: ['low', 'short', 'full', 'plenty'],
    });
    // The batch that was refused came again: none is missing, none is twice.
    expect(report.frames).toEqual([1, 2, 3, 4]);
    expect(report.outcomes).toEqual([3, 3]);
  },
);
