// Each shipped check is well formed, asks for something that is told, fires at its limits and clears on the good side.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { Check } from '#shared/model/check.ts';
import { DERIVED } from '#shared/model/derive.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import { readRule } from '#shared/model/standing-rule.ts';
import { AGE_SERIES } from './checks/age-probe.ts';
import { compileChecks, fittingChecks } from './checks/compile-checks.ts';
import { DeviceJudge } from './checks/device-judge.ts';
import type { News } from './checks/news.ts';
import { severitiesOf } from './checks/rung.ts';
import type { Transition } from './checks/verdict.ts';
import { SHIPPED_CHECKS } from './shipped-checks.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const T0 = 1_800_000_000_000;
const POLL = 60_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const named = SHIPPED_CHECKS.map((check): [string, Check] => [check.id, check]);

test.each(named)('%s is well formed and asks for what is told', (_id, check) => {
  expect(Check.parse(check)).toEqual(check);
  if (check.fits !== undefined) expect(readRule(check.fits)).toMatchObject({ ok: true });
  const known = new Set([...DERIVED.map(({ name }) => name), ...Object.values(AGE_SERIES)]);
  if (check.when.kind === 'threshold')
    expect(known.has(check.when.series) || metricByName(check.when.series) !== undefined).toBe(true);
});

test('no two have one id', () => {
  expect(new Set(SHIPPED_CHECKS.map(({ id }) => id)).size).toBe(SHIPPED_CHECKS.length);
});

/** The seed's thresholds: series or moment, limits with their severities, and how long they are held. */
const SEED: ReadonlyArray<[id: string, limits: Partial<Record<Severity, number>>, forMs: number]> = [
  ['cpu.used', { medium: 0.8, high: 0.95 }, 300_000],
  ['memory.used', { medium: 0.85, critical: 0.95 }, 300_000],
  ['disk.free', { medium: 0.8, critical: 0.9 }, 300_000],
  ['disk.queue', { medium: 10, high: 20 }, 300_000],
  ['disk.latency', { medium: 20, high: 50 }, 300_000],
  ['network.receive', { medium: 0.8, high: 0.95 }, 300_000],
  ['network.send', { medium: 0.8, high: 0.95 }, 300_000],
  ['temperature.high', { medium: 70, critical: 85 }, 300_000],
  ['network.receive-errors', { medium: 100 / 60, high: 1_000 / 60 }, 300_000],
  ['network.send-errors', { medium: 100 / 60, high: 1_000 / 60 }, 300_000],
  ['response.time', { medium: 1_000, high: 5_000 }, 300_000],
  ['uptime.long', { low: 90 * DAY }, 0],
  ['uptime.short', { info: DAY }, 0],
  ['service.failed', { high: 1 }, 300_000],
  ['log.errors', { medium: 10 }, HOUR],
  ['log.warnings', { low: 50 }, HOUR],
  ['restart.pending', { medium: 7 * DAY }, 0],
  ['patch.age', { high: 30 * DAY }, 0],
  ['patch.security', { high: 14 * DAY }, 0],
  ['certificate.end', { medium: 30 * DAY, critical: 7 * DAY }, 0],
  ['backup.age', { medium: 48 * HOUR, critical: 72 * HOUR }, 0],
];

test.each(SEED)('%s has the limits it was shipped with', (id, limits, forMs) => {
  const when = SHIPPED_CHECKS.find((check) => check.id === id)?.when;
  expect(when).toMatchObject({ limits });
  if (when?.kind === 'threshold') expect(when.forMs).toBe(forMs);
  if (when?.kind === 'events') expect(when.withinMs).toBe(forMs);
});

/** News of a device in which the check's value is so much, at a time. */
function newsOf({ when }: Check, value: number, at: number): News[] {
  switch (when.kind) {
    case 'threshold':
      return [{ type: 'values', at, values: new Map([[when.series, [{ instance: 'x', value, unit: 'u' }]]]) }];
    case 'state':
      return [{ type: 'status', at, status: value > 0 ? (when.is[0] ?? '') : 'up' }];
    case 'events': {
      const level = when.levels?.[0] === 'warning' ? 'warning' : 'error';
      const event = { at, log: 'System', source: 'test', code: 1, level, message: 'said' } as const;
      return Array.from({ length: value }, () => ({ type: 'event', at, event }));
    }
    case 'age':
      return ageNews(when.of, value, at);
    default:
      throw new Error(`no shipped check is of the kind ${when.kind}`);
  }
}

function ageNews(of: string, awayMs: number, at: number): News[] {
  const fact = (kind: string, body: unknown): News[] => [{ type: 'fact', at, fact: { kind, body, at } }];
  switch (of) {
    case 'certificate-end':
      return fact('certificates', { certificates: [{ subject: 'CN=x', expiresAt: at + awayMs }] });
    case 'patch':
      return fact('updates', { pending: [], lastInstallAt: at - awayMs });
    case 'security-patch':
      return fact('updates', { pending: awayMs > 0 ? [{ isSecurity: true }] : [] });
    case 'reboot-pending':
      return fact('reboot', { isPending: awayMs > 0 });
    default: {
      const values = new Map([['backup.age', [{ instance: 'x', value: awayMs / HOUR, unit: 'h' }]]]);
      return [{ type: 'values', at, values }];
    }
  }
}

/** Told five minutes long, and once more as long later: what has to be held was held. */
function judged(check: Check, value: number, from: number, judge = newJudge(check)): [Transition[], DeviceJudge] {
  const told: Transition[] = [];
  const isRepeated = check.when.kind === 'threshold';
  for (let at = from; at <= from + 6 * POLL; at += POLL)
    if (isRepeated || at === from) for (const news of newsOf(check, value, at)) told.push(...judge.take(news));
  return [told, judge];
}

const newJudge = (check: Check): DeviceJudge =>
  new DeviceJudge({ checks: compileChecks([{ ...check, isOn: true }]), pollMs: POLL });

const limited = named.filter(([, { when }]) => 'limits' in when);

test.each(limited)('%s fires at each of its limits and clears', (_id, check) => {
  const { when } = check;
  if (!('limits' in when)) throw new Error('it has limits');
  // What waits for a restart or an update is told without a since: its own time runs from the first sight.
  const isSeen = when.kind === 'age' && (when.of === 'reboot-pending' || when.of === 'security-patch');
  const isBelow = 'above' in when && !when.above;
  for (const [severity, limit] of severitiesOf(when.limits)) {
    const [told, judge] = judged(check, limit, T0);
    if (isSeen) told.push(...judge.tick(T0 + limit));
    expect(told, `${check.id} ${severity}`).toMatchObject([{ state: 'open', severity }]);
    const later = T0 + (isSeen ? limit + POLL : when.kind === 'events' ? 2 * HOUR : HOUR);
    const good = isBelow ? 1_000 * DAY : 0;
    const [cleared] = judged(check, good, later, judge);
    if (when.kind === 'events') cleared.push(...judge.tick(later));
    expect(cleared, `${check.id} ${severity}`).toMatchObject([{ state: 'clear' }]);
  }
});

test.each(limited)('%s is silent short of its limits', (_id, check) => {
  const { when } = check;
  if (!('limits' in when)) throw new Error('it has limits');
  const least = severitiesOf(when.limits).at(-1)?.[1] ?? 0;
  const isBelow = 'above' in when && !when.above;
  const short = when.kind === 'events' ? least - 1 : isBelow ? least * 1.01 + POLL : least * 0.99;
  expect(judged(check, short, T0)[0]).toEqual([]);
});

test('a device that is down, or is another machine, is found at once and cleared at the first answer', () => {
  const judge = new DeviceJudge({ checks: compileChecks(SHIPPED_CHECKS), pollMs: POLL });
  expect(judge.status('down', T0, 'timed-out')).toMatchObject([{ check: 'device.down', state: 'open' }]);
  expect(judge.status('identity-changed', T0 + 1).map(({ check, state }) => `${check} ${state}`)).toEqual([
    'device.down clear',
    'device.identity open',
  ]);
  expect(judge.status('up', T0 + 2)).toMatchObject([{ check: 'device.identity', state: 'clear' }]);
});

test('the time of an answer is asked of devices whose questions are one', () => {
  const idsOf = (transport: string) => fittingChecks(SHIPPED_CHECKS, { transport }).map(({ id }) => id);
  expect(idsOf('ssh')).toContain('response.time');
  expect(idsOf('winrm')).not.toContain('response.time');
  expect(fittingChecks(SHIPPED_CHECKS, {}).map(({ id }) => id)).not.toContain('response.time');
});

test('a healthy machine says nothing to anybody', () => {
  const judge = new DeviceJudge({ checks: compileChecks(SHIPPED_CHECKS), pollMs: POLL });
  const series = [{ metric: metricByName('load.1')?.id ?? 0, instance: '' }];
  for (let i = 0; i < 10; i += 1)
    expect(judge.poll(undefined, { device, at: T0 + i * POLL, series, values: [100] })).toEqual([]);
});
