// The audit of records: each row once, what came during the drain included, and nothing that no relay wrote.
import { expect, test } from 'vitest';
import type { AuditRecord } from '#shared/model/record.ts';
import { auditRecords } from './record-audit.ts';

const record = (at: number): AuditRecord => ({ type: 'audit', at, verb: 'audit.pin-trail', detail: 'one' });
const row = (at: number): string => `audit ${at} audit.pin-trail one`;
const consoleWith = (...rows: string[]) => ({ rows, outcomes: new Map(), facts: new Map() });

test('a row that was told and stored is neither lost nor twice', () => {
  expect(auditRecords([record(1)], consoleWith(row(1)))).toEqual({ told: 1, lost: 0, dup: 0, wrong: 0 });
});

test('a row that is missing is lost, a second one and a foreign one are too many', () => {
  const found = auditRecords([record(1), record(2)], consoleWith(row(2), row(2), row(3)));
  expect(found).toMatchObject({ told: 2, lost: 1, dup: 2 });
});

test('what a relay wrote later may stand once, and is not asked for', () => {
  const all = [record(1), record(2)];
  expect(auditRecords([record(1)], consoleWith(row(1), row(2)), all)).toMatchObject({ told: 1, lost: 0, dup: 0 });
  expect(auditRecords([record(1)], consoleWith(row(1)), all)).toMatchObject({ lost: 0, dup: 0 });
  expect(auditRecords([record(1)], consoleWith(row(1), row(2), row(2)), all)).toMatchObject({ dup: 1 });
});
