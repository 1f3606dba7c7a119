// What costs most stands first, every point that the console reckons has a name, and a day of which nobody knows is none.
import { expect, test } from 'vitest';
import { POINT_RULES } from '#shared/judge/health/points.ts';
import type { DeviceHealth, HealthMoment } from './health-data.ts';
import { cellsOf, lossesOf, pointText } from './health-words.ts';

const DAY = 86_400_000;
const moment = (at: number, score: number, confidence = 90): HealthMoment => ({
  ...{ at, score, confidence, availability: 0, performance: 0, security: 0, compliance: 0 },
});

test('the strip has a cell a day, the newest word of each', () => {
  const now = 40 * DAY + 5;
  const cells = cellsOf(
    [moment(38 * DAY, 95), moment(39 * DAY, 95), moment(39 * DAY + 9, 61), moment(now, 10, 20)],
    now,
    4,
  );
  expect(cells.map(({ level }) => level)).toEqual(['none', 'good', 'weak', 'none']);
  expect(cells[2]?.text).toContain('61');
});

test('points that were lost stand in the order of what they cost', () => {
  const point = (id: string, of: number, got: number) => ({
    ...{ id, of, got, isKnown: true, text: '', value: null, source: 'polls', at: null },
  });
  // Only what is looked at here.
  const health = {
    parts: [
      { part: 'availability', points: [point('status', 15, 15), point('contact', 5, 3)] },
      { part: 'security', points: [point('antivirus', 5, 0)] },
    ],
  } as unknown as DeviceHealth;
  expect(lossesOf(health).map(({ point: { id } }) => id)).toEqual(['antivirus', 'contact']);
});

test('every point of the rules has words', () => {
  const ids = Object.values(POINT_RULES).flatMap((rules) => rules.map(({ id }) => id));
  expect(ids.filter((id) => pointText(id) === id)).toEqual([]);
  expect(pointText('newer')).toBe('newer');
});
