// All of watching: whether what is drafted is in force, the layers of checks, maintenance windows and local routes.
import { useState } from 'react';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import type { WatchPart } from '#shared/model/watch-part.ts';
import { LayerList, RouteList, WindowList } from './part-lists.tsx';
import { isLayer, isRoute, isWindow, usePolicyParts, useWatchedSites } from './policy-data.ts';
import { RouteSheet } from './route-sheet.tsx';
import { SiteStates } from './site-states.tsx';
import { t } from './text.ts';
import { WindowSheet } from './window-sheet.tsx';

export function PoliciesPage() {
  usePageTitle(t('title'));
  const read = usePolicyParts();
  // Both, before anything is shown: what comes later would move what stands below it.
  const isSitesPending = useWatchedSites().isPending;
  return (
    <>
      <PageHead title={t('title')}>
        <LinkButton to="/policies/windows">{t('calendar')}</LinkButton>
        <LinkButton to="/policies/sign" kind="primary" needs="policy.sign">
          {t('toSign')}
        </LinkButton>
      </PageHead>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('intro')}</p>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {(read.isPending || isSitesPending) && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && !isSitesPending && <Parts parts={read.data} />}
    </>
  );
}

function Parts({ parts }: { parts: readonly WatchPart[] }) {
  const [isOpen, setIsOpen] = useState<'window' | 'route'>();
  const close = () => setIsOpen(undefined);
  return (
    <>
      <SiteStates />
      <Section title={t('layers')} intro={t('layersIntro')}>
        <LayerList layers={parts.filter(isLayer)} />
        <LinkButton to="/policies/layer" icon="plus" needs="policy.write">
          {t('newLayer')}
        </LinkButton>
      </Section>
      <Section title={t('windows')}>
        <WindowList windows={parts.filter(isWindow)} />
        <Allowed needs="policy.write">
          <Button icon="plus" onClick={() => setIsOpen('window')}>
            {t('newWindow')}
          </Button>
        </Allowed>
      </Section>
      <Section title={t('routes')} intro={t('routesIntro')}>
        <RouteList routes={parts.filter(isRoute)} />
        <Allowed needs="policy.write">
          <Button icon="plus" onClick={() => setIsOpen('route')}>
            {t('newRoute')}
          </Button>
        </Allowed>
      </Section>
      {isOpen === 'window' && <WindowSheet onClose={close} />}
      {isOpen === 'route' && <RouteSheet onClose={close} />}
    </>
  );
}

function Section({ title, intro, children }: { title: string; intro?: string; children: React.ReactNode }) {
  return (
    <section className="mt-6 max-w-5xl">
      <h2 className="mt-0 mb-1 text-base font-semibold">{title}</h2>
      {intro !== undefined && <p className="mt-0 mb-2 max-w-prose text-muted">{intro}</p>}
      <div className="grid justify-items-start gap-2">{children}</div>
    </section>
  );
}
