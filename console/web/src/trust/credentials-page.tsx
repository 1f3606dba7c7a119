// The logins that are sealed for relays: which can be read, which end, which must be sealed again, and who got none.
import { useQueries } from '@tanstack/react-query';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { useEstateScope } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { charterQuery } from '#console/web/src/signing/trust-data.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { Table } from '#console/web/src/ui/table.tsx';
import { useIsNarrow } from '#console/web/src/ui/use-media.ts';
import { type Credentials, useCredentials } from './credentials-data.ts';
import { DevicesWithoutLogin } from './devices-without-login.tsx';
import { loginColumns, type PlacedLogin } from './login-columns.tsx';
import { loginRows, slotsOf, stateOf } from './login-rows.ts';
import { t } from './text.ts';

export function CredentialsPage() {
  usePageTitle(t('title'));
  const read = useCredentials();
  return (
    <>
      <PageHead title={t('title')} note={t('intro')}>
        <SealLink />
      </PageHead>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && <Logins credentials={read.data} />}
      <DevicesWithoutLogin />
    </>
  );
}

const SealLink = () => (
  <LinkButton to="/credentials/seal" kind="primary" icon="lock" needs="credential.write">
    {t('seal')}
  </LinkButton>
);

function Logins({ credentials }: { credentials: Credentials }) {
  const now = useFiveSeconds();
  const isNarrow = useIsNarrow();
  const rows = usePlaced(credentials);
  if (credentials.items.length === 0)
    return (
      <EmptyState title={t('emptyTitle')} body={t('emptyBody')}>
        <SealLink />
      </EmptyState>
    );
  return (
    <>
      <MustBeSealed rows={rows} />
      {isNarrow ? (
        <Cards rows={rows} now={now} />
      ) : (
        <Table
          caption={t('title')}
          isCaptionHidden
          columns={loginColumns(now)}
          rows={rows}
          rowKey={({ relayId, name }) => `${relayId} ${name}`}
          initialSort={{ key: 'name', direction: 'ascending' }}
          empty={t('nothingFits')}
        />
      )}
    </>
  );
}

/** With the names of their places, and the charter that says whose keys signed. */
function usePlaced({ items }: Credentials): PlacedLogin[] {
  const scope = useEstateScope();
  const relays = useRelays().data ?? [];
  const rows = loginRows(items).filter(({ siteId }) => scope.includesSite(siteId));
  const siteIds = [...new Set(rows.map(({ siteId }) => siteId))];
  const charters = useQueries({ queries: siteIds.map(charterQuery) });
  return rows.map((row) => {
    const relay = relays.find(({ id }) => id === row.relayId);
    return {
      ...row,
      relayName: relay?.name ?? row.relayId,
      siteName: relay?.siteName ?? row.siteId,
      charter: charters[siteIds.indexOf(row.siteId)]?.data,
    };
  });
}

function MustBeSealed({ rows }: { rows: readonly PlacedLogin[] }) {
  const all = rows.flatMap((row) =>
    slotsOf(row)
      .filter((one) => stateOf(one) === 'reseal')
      .map((one) => ({ row, one })),
  );
  if (all.length === 0) return null;
  return (
    <section className="panel mb-3 p-3" aria-label={t('resealTitle')}>
      <h2 className="section-title mb-1 text-down">{t('resealTitle')}</h2>
      <p className="m-0 mb-2 max-w-prose text-muted">{t('resealBody')}</p>
      <ul className="m-0 flex list-none flex-wrap gap-2 p-0">
        {all.map(({ row, one }) => (
          <li key={`${row.relayId} ${row.name} ${one.slot}`}>
            <LinkButton
              to="/credentials/seal"
              search={{ relay: row.relayId, name: row.name, slot: one.slot }}
              isSmall
              icon="lock"
              needs="credential.write"
            >
              {t('resealOf', { name: row.name, relay: row.relayName })}
            </LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cards({ rows, now }: { rows: readonly PlacedLogin[]; now: number }) {
  const [head, ...columns] = loginColumns(now);
  if (rows.length === 0) return <p className="text-muted">{t('nothingFits')}</p>;
  return (
    <ul aria-label={t('title')} className="m-0 grid list-none gap-2 p-0">
      {rows.map((row) => (
        <li key={`${row.relayId} ${row.name}`} className="panel p-3">
          <div className="mb-2">{head?.cell(row)}</div>
          <KeyValues>
            {columns.map(({ key, title, cell }) => (
              <KeyValue key={key} name={title}>
                {cell(row)}
              </KeyValue>
            ))}
          </KeyValues>
        </li>
      ))}
    </ul>
  );
}
