// How the devices of an order to be stand now: systems, states, open windows, which it does not fit, and how long it may take at most.
import { useQuery } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { systemText } from '#console/web/src/fleet/value-text.ts';
import { duration, integer } from '#console/web/src/text/format.ts';
import { statusText } from '#console/web/src/ui/status-mark.tsx';
import { DEVICE_STATUSES } from '#shared/model/device-words.ts';
import type { OrderDraft } from '#shared/seal/order-draft.ts';
import { longestMs } from './order-limits.ts';
import { Fact } from './order-view.tsx';
import type { Names } from './orders-data.ts';
import { t } from './text.ts';

/** Names of a line; of more the rest is counted. */
const MAX_NAMED = 8;

function someOf(ids: readonly string[], names: Names): string {
  const some = ids.slice(0, MAX_NAMED).map((id) => names.get(id) ?? id);
  return some.join(', ') + (ids.length > some.length ? ` ${t('andMore', { count: ids.length - some.length })}` : '');
}

const countedText = (counts: Readonly<Record<string, number>>, textOf: (word: string) => string): string =>
  Object.entries(counts)
    .map(([word, count]) => `${integer(count)} ${textOf(word)}`)
    .join(', ');

/** A state that is new here stands as the console calls it. */
function stateWord(status: string): string {
  const known = DEVICE_STATUSES.find((one) => one === status);
  return known === undefined ? status : statusText(known);
}

export function OrderOutlook({ order, names }: { order: OrderDraft; names: Names }) {
  const [first] = order.manifests;
  const devices = order.manifests.flatMap(({ targets }) => targets.map(({ device }) => device));
  const action = first?.action.name ?? '';
  const read = useQuery({
    queryKey: ['orders', 'preview', action, devices],
    queryFn: ({ signal }) => api.actions.preview({ action, devices }, { signal }),
    retry: false,
  }).data;
  return (
    <>
      {read !== undefined && (
        <Fact name={t('standsNow')}>
          {countedText(read.systems, systemText)}; {countedText(read.statuses, stateWord)}
        </Fact>
      )}
      {read !== undefined && read.unfit.length > 0 && (
        <Fact name={t('fitsNot')}>
          <span className="text-down">
            {t('fitsNotOn', { count: read.unfit.length, names: someOf(read.unfit, names) })}
          </span>
        </Fact>
      )}
      {read !== undefined && (
        <Fact name={t('window')}>
          {read.inWindow.length === 0
            ? t('noWindow')
            : t('inWindow', { count: read.inWindow.length, names: someOf(read.inWindow, names) })}
        </Fact>
      )}
      <Fact name={t('longest')}>{t('atMost', { time: duration(longestMs(order.manifests, order.rule)) })}</Fact>
    </>
  );
}
