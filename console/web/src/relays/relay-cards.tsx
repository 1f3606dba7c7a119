// The relays on a phone: each a card that says what a row of the table says.
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { sorted } from '#console/web/src/ui/sort.ts';
import { relayColumns } from './relay-columns.tsx';
import { t } from './text.ts';

/** These stand at the top of a card, by themselves. */
const HEAD: ReadonlySet<string> = new Set(['name', 'actions']);

export function RelayCards({ relays, now }: { relays: readonly RelayRow[]; now: number }) {
  const columns = relayColumns(now);
  const cellOf = (key: string, relay: RelayRow) => columns.find((column) => column.key === key)?.cell(relay);
  if (relays.length === 0) return <p className="text-muted">{t('nothingFits')}</p>;
  return (
    <ul aria-label={t('title')} className="m-0 grid list-none gap-2 p-0">
      {sorted(relays, (relay) => relay.siteName, 'ascending').map((relay) => (
        <li key={relay.id} className="panel p-3">
          <div className="mb-2 flex items-start justify-between gap-2">
            {cellOf('name', relay)}
            {cellOf('actions', relay)}
          </div>
          <KeyValues>
            {columns
              .filter(({ key }) => !HEAD.has(key))
              .map(({ key, title, cell }) => (
                <KeyValue key={key} name={title}>
                  {cell(relay)}
                </KeyValue>
              ))}
          </KeyValues>
        </li>
      ))}
    </ul>
  );
}
