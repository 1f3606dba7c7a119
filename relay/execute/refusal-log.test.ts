// Each refusal is told here and in the audit, an alarm tells people at once, and a flood of them ends in a count.
import { expect, test } from 'vitest';
import type { AuditRecord, RelayEventRecord } from '#shared/model/record.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { RefusalLog } from './refusal-log.ts';

function bench() {
  const clock = new FakeClock();
  const audits: AuditRecord[] = [];
  const alarms: RelayEventRecord[] = [];
  const lines: object[] = [];
  const refusals = new RefusalLog({
    clock,
    outbox: { addRecord: (_lane, record) => void audits.push(record), addRecords: () => undefined },
    log: { warn: (fields) => void lines.push(fields) },
    onAlarm: (event) => void alarms.push(event),
  });
  const refuse = () =>
    refusals.tell({
      type: 'audit',
      at: clock.now(),
      verb: 'manifest.refuse',
      code: 'signature-invalid',
      detail: 'forged',
    });
  return { clock, audits, alarms, lines, refuse };
}

test('each refusal is in the audit and in the own log; one alarm in ten minutes says how many more there were', async () => {
  const { clock, audits, alarms, lines, refuse } = bench();
  for (let n = 0; n < 40; n += 1) refuse();
  expect([audits.length, lines.length, alarms.length]).toEqual([40, 40, 1]);
  expect(alarms[0]).toMatchObject({
    code: 'signature-invalid',
    severity: 'critical',
    detail: 'manifest.refuse: forged',
  });
  await clock.advance(600_000);
  refuse();
  expect(alarms).toHaveLength(2);
  expect(alarms[1]?.detail).toBe('manifest.refuse: forged (39 more since the last alarm)');
});

test('a flood ends in a count: no audit and no log beyond the budget', () => {
  const { audits, lines, alarms, refuse } = bench();
  for (let n = 0; n < 5_000; n += 1) refuse();
  expect([audits.length, lines.length, alarms.length]).toEqual([2_501, 2_500, 1]);
  expect(audits.at(-1)).toMatchObject({ code: 'rate-limited' });
});
