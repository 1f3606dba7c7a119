// While sites stand still: which relays confirmed it, live, and which are away and will freeze when they are back.
import { useQuery } from '@tanstack/react-query';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { integer } from '#console/web/src/text/format.ts';
import { stillnessOf } from './stillness.ts';
import { t } from './text.ts';

/** As often as relays speak of themselves. */
const FRESH_MS = 5_000;

/** Empty while no site is frozen. */
export function Stillness() {
  const sites = useSites().data ?? [];
  const frozen = new Set(sites.filter(({ frozenAt }) => frozenAt !== null).map(({ id }) => id));
  return frozen.size === 0 ? null : <Progress frozen={frozen} />;
}

function Progress({ frozen }: { frozen: ReadonlySet<string> }) {
  const relays = useRelays();
  useQuery({
    queryKey: ['relays', 'asked-while-sites-stand-still'],
    refetchInterval: FRESH_MS,
    queryFn: async () => {
      await relays.refetch();
      return Date.now();
    },
  });
  if (relays.data === undefined) return null;
  const { still, told, away } = stillnessOf(relays.data, frozen);
  const count = still.length + told.length + away.length;
  return (
    <section className="panel mt-4 p-3" aria-label={t('stillness')}>
      <h2 className="section-title mb-1">{t('stillness')}</h2>
      <p role="status" className="m-0">
        {t('stillnessCount', { done: integer(still.length), count })}
      </p>
      {told.length > 0 && <p className="m-0 wrap-anywhere">{t('stillnessTold', { relays: told.join(', ') })}</p>}
      {away.length > 0 && (
        <p className="m-0 text-changed wrap-anywhere">{t('stillnessAway', { relays: away.join(', ') })}</p>
      )}
    </section>
  );
}
