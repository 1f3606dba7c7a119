// Incidents and alerts as the command line shows them.
import type { AlertSummary, IncidentDetail, IncidentEntry, IncidentSummary } from '#shared/contract/alert-contract.ts';
import { age, pairs, table } from './output.ts';
import { timelineLine } from './timeline-line.ts';

const iso = (at: number): string => new Date(at).toISOString();
const whereOf = ({ customerName, siteName }: { customerName: string | null; siteName: string | null }): string =>
  siteName === null ? 'console' : `${customerName} / ${siteName}`;

/** What a list says beside the state: silent, flapping, over before it was heard of. */
function marksOf(one: Pick<IncidentSummary, 'isMuted' | 'flappingSince' | 'snoozedUntil' | 'isPast'>): string {
  const marks = [
    ...(one.isMuted ? ['in a maintenance window'] : []),
    ...(one.flappingSince === null ? [] : ['flapping']),
    ...(one.snoozedUntil === null ? [] : [`snoozed until ${iso(one.snoozedUntil).slice(0, 16)}`]),
    ...(one.isPast ? ['past'] : []),
  ];
  return marks.length === 0 ? '' : ` (${marks.join(', ')})`;
}

export const incidentsTable = (items: readonly IncidentSummary[], now: number): string =>
  table(
    ['ID', 'SEVERITY', 'STATE', 'SINCE', 'WHERE', 'WHAT', 'ALERTS', 'WHO'],
    items.map((one) => [
      one.id,
      one.severity,
      `${one.state}${marksOf(one)}`,
      age(one.openedAt, now),
      whereOf(one),
      one.title,
      one.openAlerts === one.alerts ? String(one.alerts) : `${one.openAlerts} of ${one.alerts}`,
      one.assignee?.name ?? one.acknowledgedBy ?? '',
    ]),
  );

export const alertsTable = (items: readonly AlertSummary[], now: number): string =>
  table(
    ['ID', 'SEVERITY', 'STATE', 'SINCE', 'ON', 'CHECK', 'TIMES', 'EVIDENCE'],
    items.map((one) => [
      one.id,
      one.severity,
      one.state,
      age(one.openedAt, now),
      one.deviceName ?? one.relayName ?? one.siteName ?? 'console',
      one.instance === '' ? one.checkName : `${one.checkName} (${one.instance})`,
      String(one.count),
      one.evidence ?? one.detail,
    ]),
  );

const entryLine = ({ at, receivedAt, kind, by, text }: IncidentEntry): string => {
  const late = receivedAt - at >= 60_000 ? ` [heard ${iso(receivedAt)}]` : '';
  return `${iso(at)}  ${kind}${by === null ? '' : ` by ${by}`}${text === '' ? '' : `: ${text}`}${late}`;
};

export function incidentText(one: IncidentDetail, now: number): string {
  const { unseenDevices, children, alerts, timeline, before, advice } = one;
  const more =
    alerts > children.length ? `\n${alerts - children.length} more: rmm alert list --incident ${one.id}` : '';
  const head = pairs([
    ['incident', one.title],
    ['id', one.id],
    ['state', `${one.state}${marksOf(one)}`],
    ['severity', one.severity],
    ['where', whereOf(one)],
    ['since', `${iso(one.openedAt)} (${age(one.openedAt, now)})`],
    ['until', one.resolvedAt === null ? '' : iso(one.resolvedAt)],
    ['assigned to', one.assignee?.name ?? ''],
    ['acknowledged', one.acknowledgedBy === null ? '' : `by ${one.acknowledgedBy}`],
    ['not seen', unseenDevices === 0 ? '' : `${unseenDevices} devices behind it`],
    ['what to do', advice],
  ]);
  return [
    head,
    `${alertsTable(children, now)}${more}`,
    `Timeline\n${timeline.map(entryLine).join('\n')}`,
    ...(before.length === 0 ? [] : [`Before\n${before.map(timelineLine).join('\n')}`]),
  ].join('\n\n');
}
