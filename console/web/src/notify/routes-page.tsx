// The routes: which incidents are told to whom, in the order in which they are asked.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { duration } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { ExplainDialog } from './explain-dialog.tsx';
import { KeptPage } from './kept-page.tsx';
import { type Route, useRoutes } from './notify-data.ts';
import { type Names, nameOf, targetsText } from './notify-words.ts';
import { RouteSheet } from './route-sheet.tsx';
import { t } from './text.ts';
import { useNames } from './use-names.ts';

export function RoutesPage() {
  const read = useRoutes();
  const names = useNames();
  const [isAsking, setIsAsking] = useState(false);
  const sorted = read.data?.toSorted((a, b) => a.place - b.place);
  return (
    <>
      <KeptPage
        view="routes"
        read={{ ...read, data: sorted }}
        columns={columnsOf(names)}
        acts={
          <Button icon="search" onClick={() => setIsAsking(true)}>
            {t('explain')}
          </Button>
        }
        form={(row, onClose) => <RouteSheet route={row} routes={sorted ?? []} names={names} onClose={onClose} />}
        remove={(id) => api.routes.remove({ id })}
      />
      {isAsking && <ExplainDialog onClose={() => setIsAsking(false)} />}
    </>
  );
}

const columnsOf = (names: Names): Array<Column<Route>> => [
  {
    key: 'place',
    title: t('place'),
    isNumber: true,
    className: 'w-px hidden sm:table-cell',
    cell: ({ place }) => place,
  },
  {
    key: 'name',
    title: t('name'),
    cell: ({ name, isOn, isLast }) => (
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium wrap-anywhere">{name}</span>
        {!isOn && <Tag text={t('off')} />}
        {isLast && <Tag text={t('lastWord')} />}
      </span>
    ),
  },
  { key: 'match', title: t('takes'), className: 'hidden md:table-cell', cell: ({ match }) => matchText(match) },
  {
    key: 'tells',
    title: t('tells'),
    cell: ({ targets, escalation }) => (
      <>
        <span className="wrap-anywhere">{targetsText(targets, names)}</span>
        {escalation !== null && (
          <div className="text-xs text-muted">{t('climbs', { name: nameOf(names.escalations, escalation) })}</div>
        )}
      </>
    ),
  },
  { key: 'when', title: t('when'), className: 'hidden lg:table-cell', cell: whenText },
];

function matchText({ severities, types, customers, sites, tags, checks, hours, isOutside }: Route['match']): string {
  const parts = [
    severities.map(severityText).join(', '),
    types.length === 0 ? '' : t('typesCount', { count: types.length }),
    customers.length === 0 ? '' : t('customersCount', { count: customers.length }),
    sites.length === 0 ? '' : t('sitesCount', { count: sites.length }),
    tags.join(', '),
    checks.join(', '),
    hours === undefined ? '' : t(isOutside ? 'outsideHours' : 'inHours'),
  ].filter((part) => part !== '');
  return parts.length === 0 ? t('everything') : parts.join('; ');
}

function whenText({ delayMs, repeatMs, digestMs }: Route): string {
  const parts = [
    delayMs === 0 ? t('atOnce') : t('after', { time: duration(delayMs) }),
    repeatMs === 0 ? '' : t('againEvery', { time: duration(repeatMs) }),
    digestMs === 0 ? '' : t('gathered', { time: duration(digestMs) }),
  ];
  return parts.filter((part) => part !== '').join(', ');
}
