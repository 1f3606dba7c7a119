// The services of a device as its last inventory knew them: failed ones first.

import { useMemo } from 'react';
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { textColumn, toldColumns } from './columns.tsx';
import type { Fact } from './device-data.ts';
import { FactTab } from './fact-tab.tsx';
import { type Members, rowsIn, serviceRank, textAt } from './facts.ts';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function ServicesTab({ device }: TabProps) {
  return (
    <>
      <FactTab device={device} kind="services">
        {(fact) => <Services fact={fact} />}
      </FactTab>
      <WindowsFacts device={device} view="services" />
    </>
  );
}

function Services({ fact }: { fact: Fact }) {
  const rows = useMemo(
    () =>
      rowsIn(fact, 'services').sort(
        (a, b) => serviceRank(a) - serviceRank(b) || textAt(a, 'name').localeCompare(textAt(b, 'name')),
      ),
    [fact],
  );
  const failed = rows.filter((row) => serviceRank(row) === 0).length;
  return (
    <LongTable
      caption={t('services')}
      rows={rows}
      columns={[
        textColumn('name', t('name')),
        {
          key: 'state',
          title: t('state'),
          cell: (row) => <State row={row} />,
          sortBy: (row) => `${serviceRank(row)} ${textAt(row, 'state')}`,
        },
        textColumn('description', t('description'), 'max-sm:hidden'),
        ...toldColumns(rows, [
          textColumn('startMode', t('startMode'), 'max-sm:hidden'),
          textColumn('account', t('account'), 'max-md:hidden'),
        ]),
      ]}
    >
      {failed > 0 && <Tag tone="down" icon="warning" text={t('failedCount', { count: failed })} />}
    </LongTable>
  );
}

/** The words are the service manager's own. */
function State({ row }: { row: Members }) {
  const [active, state] = [textAt(row, 'active'), textAt(row, 'state')];
  const word = state === '' || state === active ? active : `${active} (${state})`;
  if (active === 'failed') return <Tag tone="down" icon="warning" text={word} />;
  return <span className={active === 'active' ? '' : 'text-muted'}>{word}</span>;
}
