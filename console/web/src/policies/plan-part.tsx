// What the drafts would change, and for how many devices: looked at before it is signed.
import { integer } from '#console/web/src/text/format.ts';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { inert } from '#shared/base/inert-text.ts';
import type { PlanChange } from '#shared/contract/policy-contract.ts';
import { usePlan } from './policy-data.ts';
import { t } from './text.ts';

export function PlanPart() {
  const read = usePlan();
  if (read.isPending) return <SkeletonRows label={t('reading')} />;
  if (read.data === undefined) return null;
  const { changes, changed, devices, left } = read.data;
  return (
    <section className="max-w-5xl">
      <h2 className="mt-0 mb-1 text-base font-semibold">{t('plan')}</h2>
      <p className="mt-0 mb-2">
        {changed === 0 ? t('planNone') : t('planHead', { count: changed, all: integer(devices) })}
      </p>
      {changes.length > 0 && (
        <Table
          caption={t('plan')}
          isCaptionHidden
          className="max-h-96"
          rows={changes}
          rowKey={({ what, id, change, detail }) => `${what} ${id} ${change} ${detail}`}
          columns={columnsOf()}
        />
      )}
      {left > 0 && <p className="mt-1 mb-0 text-muted">{t('planLeft', { count: left })}</p>}
    </section>
  );
}

/** Made while rendering: titles are in the language of the page. */
const columnsOf = (): Array<Column<PlanChange>> => [
  {
    ...{ key: 'what', title: t('what') },
    cell: ({ what, name, change }) => `${t(`what_${what}`)} ${inert(name)} ${t(`change_${change}`)}`,
  },
  {
    ...{ key: 'devices', title: t('planDevices'), isNumber: true, sortBy: (row) => row.devices },
    cell: (row) => (row.devices === 0 ? '' : integer(row.devices)),
  },
  { key: 'such', title: t('planSuch'), cell: ({ examples }) => examples.map(inert).join(', ') },
];
