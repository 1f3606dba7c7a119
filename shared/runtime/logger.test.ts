// Levels, rooms and programs of the log.
import { expect, test } from 'vitest';
import { createLogger, LOG_LEVELS } from './logger.ts';

function recorder() {
  const lines: unknown[] = [];
  return { lines, sink: { now: () => 1_795_305_600_000, write: (line: string) => void lines.push(JSON.parse(line)) } };
}

test.each([
  ['debug', 4],
  ['info', 3],
  ['warn', 2],
  ['error', 1],
  ['silent', 0],
] as const)('at level %s of four lines %d are written', (level, count) => {
  const { lines, sink } = recorder();
  const log = createLogger('relay', level, sink);
  for (const name of ['debug', 'info', 'warn', 'error'] as const) log[name]({}, name);
  expect(lines).toHaveLength(count);
  expect(LOG_LEVELS).toContain(level);
});

test('a room marks its lines, and keeps its program', () => {
  const { lines, sink } = recorder();
  createLogger('console', 'info', sink).room('gateway').warn({ relay: 'a' }, 'late');
  expect(lines).toEqual([
    { level: 40, time: '2026-11-22T00:00:00.000Z', program: 'console', room: 'gateway', relay: 'a', msg: 'late' },
  ]);
});
