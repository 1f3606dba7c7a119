// What is wrong with one device now, on its own page.

import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { AlertLine } from './alert-tree.tsx';
import { useDeviceAlerts } from './incidents-data.ts';
import { t } from './text.ts';
import './incidents.css';

export function DeviceAlerts({ id }: { id: string }) {
  const read = useDeviceAlerts(id);
  const headId = useId();
  return (
    <section className="panel p-3" aria-labelledby={headId}>
      <h2 id={headId} className="section-title mb-2">
        {t('ofDevice')}
      </h2>
      {read.data === undefined && read.isError && <p className="m-0 text-muted">{t('alertsNotRead')}</p>}
      {read.data === undefined && !read.isError && <SkeletonRows label={t('reading')} />}
      {read.data?.length === 0 && <p className="m-0 text-muted">{t('allWell')}</p>}
      <ul className="plain-alerts">
        {read.data?.map((alert) => (
          <li key={alert.id}>
            <AlertLine alert={alert} />
            <Link to="/incidents/$id" params={{ id: alert.incidentId }} className="quiet-link ml-5 text-xs">
              {t('itsIncident')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
