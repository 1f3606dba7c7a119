// Adds a device: where it stands, how it is reached, and what its relay sees there before it is added.
import { useState } from 'react';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { EnrolDialog } from '#console/web/src/relays/enrol-dialog.tsx';
import { useEstateScope, useSites } from '#console/web/src/shell/estate-scope.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { DeviceForm } from './device-form.tsx';
import { relayFor } from './relay-choice.ts';
import { t } from './text.ts';

export function AddDevicePage() {
  usePageTitle(t('title'));
  const sites = useSites();
  return (
    <>
      <PageHead title={t('title')}>
        <LinkButton to="/import" icon="upload" needs="device.import">
          {t('importInstead')}
        </LinkButton>
      </PageHead>
      {sites.data === undefined && sites.isError && (
        <FaultNote what={t('sitesNotRead')} error={sites.error} onRetry={() => void sites.refetch()} />
      )}
      {sites.isPending && <SkeletonRows label={t('reading')} />}
      {sites.data?.length === 0 && (
        <EmptyState title={t('noSites')} body={t('noSitesBody')}>
          <LinkButton to="/sites" kind="primary">
            {t('toSites')}
          </LinkButton>
        </EmptyState>
      )}
      {sites.data !== undefined && sites.data.length > 0 && <Place sites={sites.data} />}
    </>
  );
}

type Sites = NonNullable<ReturnType<typeof useSites>['data']>;

/** Site and relay first: all that follows depends on them. */
function Place({ sites }: { sites: Sites }) {
  const scope = useEstateScope();
  const inScope = sites.filter(({ id }) => scope.includesSite(id));
  const [chosen, setChosen] = useState('');
  const [relayId, setRelayId] = useState('');
  const [isEnrolling, setIsEnrolling] = useState(false);
  const read = useRelays();
  const site = inScope.find(({ id }) => id === chosen) ?? inScope[0];
  const relays = read.data?.filter((relay) => relay.siteId === site?.id) ?? [];
  const relay = site === undefined ? undefined : relayFor(relays, relayId, site.defaults.relayId);
  const where = (
    <>
      <Select
        label={t('site')}
        options={inScope.map(({ id, name, customerName }) => ({ value: id, label: `${name} · ${customerName}` }))}
        value={site?.id ?? ''}
        onChoose={setChosen}
      />
      {relays.length > 0 && (
        <Select
          label={t('relay')}
          options={relays.map(({ id, name, isConnected }) => ({
            value: id,
            label: isConnected ? name : t('awayRelay', { relay: name }),
          }))}
          value={relay?.id ?? ''}
          hint={relay !== undefined && relay.id === site?.defaults.relayId ? t('fromSite') : ''}
          onChoose={setRelayId}
        />
      )}
    </>
  );
  const isWithoutRelay = site !== undefined && read.data !== undefined && relays.length === 0;
  return (
    <>
      <DeviceForm
        site={site}
        relay={relay}
        where={where}
        instead={isWithoutRelay && <WithoutRelay site={site.name} onEnrol={() => setIsEnrolling(true)} />}
      />
      {/* Not inside the form: a dialog's form is its own. */}
      {isEnrolling && <EnrolDialog siteId={site?.id} onClose={() => setIsEnrolling(false)} />}
    </>
  );
}

function WithoutRelay({ site, onEnrol }: { site: string; onEnrol: () => void }) {
  return (
    <EmptyState title={t('noRelay', { site })} body={t('noRelayBody')}>
      <Button kind="primary" onClick={onEnrol}>
        {t('enrol')}
      </Button>
    </EmptyState>
  );
}
