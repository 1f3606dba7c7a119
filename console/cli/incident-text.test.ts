// How the command line shows an incident: marks, what is more, true times beside those of hearing.
import { expect, test } from 'vitest';
import { IncidentDetail } from '#shared/contract/alert-contract.ts';
import { siteNo } from '#test/fixtures/stream-kit.ts';
import { incidentsTable, incidentText } from './incident-text.ts';

const NOW = Date.UTC(2026, 10, 23, 12);
const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

const incident = IncidentDetail.parse({
  ...{ customerId: id(1), customerName: 'Acme', siteId: siteNo(1), siteName: 'Main', relayId: null, relayName: null },
  ...{ deviceId: null, deviceName: null, id: id(2), title: 'switch is down', state: 'active', severity: 'critical' },
  ...{
    cause: 'device',
    openedAt: NOW - 3_600_000,
    receivedAt: NOW,
    changedAt: NOW,
    resolvedAt: null,
    resolvedBy: null,
  },
  ...{ isPast: false, isMuted: false, flappingSince: NOW, snoozedUntil: null, assignee: null, acknowledgedBy: 'Ada' },
  ...{ acknowledgedAt: NOW, toldAt: null, alerts: 51, openAlerts: 50, devices: 51, advice: 'Look at it.' },
  ...{ children: [], unseenDevices: 7, series: [], before: [] },
  timeline: [
    { seq: 1, at: NOW - 3_600_000, receivedAt: NOW, kind: 'opened', alertId: null, by: null, text: 'no answer' },
    { seq: 2, at: NOW, receivedAt: NOW, kind: 'acknowledged', alertId: null, by: 'Ada', text: '' },
  ],
});

test('a list says who looks after it, and how much of it is open', () => {
  const [, line] = incidentsTable([incident], NOW).split('\n');
  expect(line).toMatch(/critical {2}active \(flapping\) {2}.*Acme \/ Main {2}switch is down {2}50 of 51 {2}Ada$/);
});

test('one incident says what is not shown, and when what came late was heard', () => {
  const text = incidentText(incident, NOW);
  expect(text).toContain(`51 more: rmm alert list --incident ${id(2)}`);
  expect(text).toContain('7 devices behind it');
  expect(text).toContain('opened: no answer [heard 2026-11-23T12:00:00.000Z]');
  expect(text).toContain('acknowledged by Ada');
});
