// The channels: ways by which messages leave the console, how they do, and a test at a press.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { ChannelSheet } from './channel-sheet.tsx';
import { ChannelTest } from './channel-test.tsx';
import { KeptPage } from './kept-page.tsx';
import { type Channel, type ChannelKind, useChannelKinds, useChannels, useReread } from './notify-data.ts';
import { t } from './text.ts';

export function ChannelsPage() {
  const read = useChannels();
  const kinds = useChannelKinds().data;
  const now = useFiveSeconds();
  const [tested, setTested] = useState<Channel>();
  const testing = useTest();
  const test = (channel: Channel) => {
    const place = kinds?.find(({ kind }) => kind === channel.kind)?.to;
    if (place === undefined || place === null) testing.mutate({ channel, to: '' });
    else setTested(channel);
  };
  return (
    <>
      <KeptPage
        view="channels"
        read={read}
        columns={columnsOf(kinds ?? [], now)}
        form={(row, onClose) => <ChannelSheet channel={row} kinds={kinds ?? []} onClose={onClose} />}
        remove={(id) => api.channels.remove({ id })}
        extra={(row) => [
          { key: 'test', text: t('test'), icon: 'play', needs: 'notify.write', onSelect: () => test(row) },
        ]}
      />
      {tested !== undefined && (
        <ChannelTest
          channel={tested}
          place={kinds?.find(({ kind }) => kind === tested.kind)?.to ?? null}
          isBusy={testing.isPending}
          onTest={(to) => testing.mutate({ channel: tested, to }, { onSuccess: () => setTested(undefined) })}
          onClose={() => setTested(undefined)}
        />
      )}
    </>
  );
}

function useTest() {
  const reread = useReread();
  return useMutation({
    mutationFn: ({ channel, to }: { channel: Channel; to: string }) => api.channels.test({ id: channel.id, to }),
    onSuccess: ({ ok, detail }, { channel: { name } }) =>
      ok ? toast.say(t('testWent', { name })) : toast.fault(new Error(detail), t('testFailed', { name, detail })),
    onError: (error, { channel: { name } }) => toast.fault(error, t('testNot', { name })),
    onSettled: reread,
  });
}

const columnsOf = (kinds: readonly ChannelKind[], now: number): Array<Column<Channel>> => [
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
    key: 'kind',
    title: t('kind'),
    className: 'hidden sm:table-cell',
    sortBy: ({ kind }) => kind,
    cell: ({ kind }) => kinds.find((one) => one.kind === kind)?.label ?? kind,
  },
  { key: 'state', title: t('howItGoes'), cell: (channel) => <Going channel={channel} now={now} /> },
];

function Going({ channel: { failures, lastError, lastSentAt, lastFailedAt }, now }: { channel: Channel; now: number }) {
  if (failures > 0)
    return (
      <span className="text-down">
        {t('fails', { count: failures })}
        {lastFailedAt !== null && `, ${agoText(lastFailedAt, now)}`}
        <span className="block text-xs wrap-anywhere">{lastError}</span>
      </span>
    );
  if (lastSentAt === null) return <span className="text-muted">{t('neverSent')}</span>;
  return <time title={fullTime(lastSentAt)}>{t('sentAgo', { ago: agoText(lastSentAt, now) })}</time>;
}
