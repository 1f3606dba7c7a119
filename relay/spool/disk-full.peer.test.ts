// The spool on a file system that is really full (ENOSPC), in a mount namespace of its own.
import { spawnSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { tempFolder } from '#test/fixtures/temp-folder.ts';

const inNamespace = (...command: string[]) =>
  spawnSync('unshare', ['--map-root-user', '--mount', ...command], { encoding: 'utf8', timeout: 50_000 });

// Containers may forbid namespaces; the unit tests cover the same path with a quota.
const isAllowed = inNamespace('true').status === 0;

test.skipIf(!isAllowed)(
  'a full disk costs the oldest backlog, counted, and no outcome; space that returns is used',
  () => {
    const folder = tempFolder(onTestFinished);
    const run = inNamespace(process.execPath, '--import', 'tsx', 'test/peers/full-disk-child.ts', folder);
    expect(run.stderr).toBe('');
    const report = JSON.parse(run.stdout);
    expect(report).toMatchObject({ hadBallast: true, outcomes: 200, refusal: '', events: ['spool-full'] });
    expect(report.duringFull.hasBallast).toBe(false);
    expect(report.duringFull.kept).toBeGreaterThan(1_000);
    expect(report.duringFull.kept + report.duringFull.lost).toBe(report.facts);
    expect(report.after).toEqual({ hasBallast: true, outcomes: 200 });
    expect(report.reopened.outcomes).toBe(200);
    expect(report.reopened.lost).toBe(report.duringFull.lost);
  },
);
