// The contacts: people who are told, and by which ways, with how much they get at most.
import { api } from '#console/web/src/api/api.ts';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { duration } from '#console/web/src/text/format.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { ContactSheet } from './contact-sheet.tsx';
import { KeptPage } from './kept-page.tsx';
import { type Channel, type Contact, useChannels, useContacts } from './notify-data.ts';
import { nameOf } from './notify-words.ts';
import { t } from './text.ts';

export function ContactsPage() {
  const channels = useChannels().data ?? [];
  return (
    <KeptPage
      view="contacts"
      read={useContacts()}
      columns={columnsOf(channels)}
      form={(row, onClose) => <ContactSheet contact={row} channels={channels} onClose={onClose} />}
      remove={(id) => api.contacts.remove({ id })}
    />
  );
}

const columnsOf = (channels: readonly Channel[]): Array<Column<Contact>> => [
  {
    key: 'name',
    title: t('name'),
    sortBy: ({ name }) => name,
    cell: ({ name, isOn }) => (
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium wrap-anywhere">{name}</span>
        {!isOn && <Tag text={t('off')} />}
      </span>
    ),
  },
  {
    key: 'ways',
    title: t('ways'),
    cell: ({ ways }) =>
      ways.length === 0 ? (
        <span className="text-changed">{t('noWay')}</span>
      ) : (
        <ul className="m-0 list-none p-0">
          {ways.map(({ channel, to, atLeast }) => (
            <li key={`${channel} ${to}`} className="wrap-anywhere">
              {nameOf(channels, channel)} <span className="text-muted">{to}</span>
              {atLeast !== 'info' && (
                <span className="text-xs text-muted"> {t('fromSeverity', { severity: severityText(atLeast) })}</span>
              )}
            </li>
          ))}
        </ul>
      ),
  },
  {
    key: 'flood',
    title: t('atMost'),
    className: 'hidden md:table-cell',
    cell: ({ flood }) => t('floodText', { count: flood.messages, time: duration(flood.withinMs) }),
  },
];
