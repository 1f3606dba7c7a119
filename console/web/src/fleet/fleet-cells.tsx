// How the fleet shows one field of one device: a word, a mark, a number with its bar, an age.
import type { ReactNode } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { dateOf } from '#console/web/src/text/time.ts';
import { Age, uptimeText } from '#console/web/src/ui/age.tsx';
import { Amount } from '#console/web/src/ui/amount.tsx';
import { Meter } from '#console/web/src/ui/meter.tsx';
import { StatusMark } from '#console/web/src/ui/status-mark.tsx';
import type { ColumnKey } from './column-list.ts';
import { fleet } from './fleet.ts';
import { addressOf, groupsOf, statusOf, tagsOf } from './fleet-rows.ts';
import { reasonText, systemText, typeText } from './value-text.ts';

/** Numbers of a device that does not answer are the last ones known, and stand back. */
const isDim = (row: number): boolean => statusOf(fleet.rows, row) !== 'up';
const tone = (row: number): string => (isDim(row) ? 'text-muted' : '');

/** Called while its row renders, which happens when something of the row changed. */
export function cellOf(key: ColumnKey, row: number): ReactNode {
  const { rows } = fleet;
  switch (key) {
    case 'status':
      return <Status row={row} />;
    case 'customer':
      return <Words text={rows.sites[rows.site[row] ?? -1]?.customerName} />;
    case 'site':
      return <Words text={rows.sites[rows.site[row] ?? -1]?.name} />;
    case 'relay':
      return <Words text={rows.relays[rows.relay[row] ?? -1]?.name} />;
    case 'address':
      return <Words text={addressOf(rows, row)} />;
    case 'hostname':
    case 'serial':
    case 'name':
      return <Words text={rows[key][row]} />;
    case 'type':
      return <Words text={typeText(rows.words.at(rows.type[row]))} />;
    case 'system':
      return <Words text={systemText(rows.words.at(rows.system[row]))} />;
    case 'os':
    case 'user':
    case 'transport':
      return <Words text={rows.words.at(rows[key][row])} />;
    case 'tag':
      return <Several texts={tagsOf(rows, row)} />;
    case 'group':
      return <Several texts={groupsOf(rows, row)} />;
    default:
      return numberOf(key, row);
  }
}

type NumberKey = 'cpu' | 'memory' | 'disk' | 'load' | 'rx' | 'tx' | 'uptime' | 'polled' | 'added';

function numberOf(key: NumberKey, row: number): ReactNode {
  const { rows } = fleet;
  const value = rows[key][row] ?? Number.NaN;
  switch (key) {
    case 'cpu':
    case 'memory':
      return <Meter ratio={value} isDim={isDim(row)} />;
    case 'disk':
      return (
        <span title={rows.words.at(rows.mount[row])}>
          <Meter ratio={value} isDim={isDim(row)} />
        </span>
      );
    case 'load':
      return (
        <span className={tone(row)}>
          <Amount value={value} unit="load" />
        </span>
      );
    case 'rx':
    case 'tx':
      return (
        <span className={tone(row)}>
          <Amount value={value} unit="bytes/s" unitWidth="w-9" />
        </span>
      );
    case 'uptime':
      return <span className={tone(row)}>{uptimeText(value)}</span>;
    case 'polled':
      return <Polled row={row} />;
    case 'added':
      return <span className="text-muted">{dateOf(value)}</span>;
  }
}

export function Polled({ row }: { row: number }) {
  // An age grows by itself: it renders alone, and its row does not.
  const now = useFiveSeconds();
  const { rows } = fleet;
  return <Age at={rows.polled[row] ?? null} now={now} intervalMs={rows.intervalMs[row] ?? 60_000} />;
}

function Status({ row }: { row: number }) {
  const { rows } = fleet;
  const reason = reasonText(rows.words.at(rows.reason[row]));
  return (
    <span className="flex items-center gap-2">
      <StatusMark status={statusOf(rows, row)} />
      {reason !== '' && (
        <span className="truncate text-xs text-muted" title={reason}>
          {reason}
        </span>
      )}
    </span>
  );
}

function Words({ text = '' }: { text: string | undefined }) {
  return (
    <span className="text-muted" title={text}>
      {text}
    </span>
  );
}

function Several({ texts }: { texts: readonly string[] }) {
  return (
    <span className="flex gap-1 overflow-hidden" title={texts.join(', ')}>
      {texts.map((text) => (
        <span key={text} className="tag shrink-0">
          {text}
        </span>
      ))}
    </span>
  );
}
