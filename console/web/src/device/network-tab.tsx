// Where a device stands in the network: interfaces with their addresses and traffic, gateways, name servers, open ports.
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { seriesKey } from '#shared/model/series-key.ts';
import { listColumn, numberColumn, textColumn } from './columns.tsx';
import type { Fact } from './device-data.ts';
import { FactTab } from './fact-tab.tsx';
import { type Members, rowsIn, textAt, textsIn } from './facts.ts';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function NetworkTab({ device, values }: TabProps) {
  return (
    <>
      <h2 className="section-title mb-1">{t('interfaces')}</h2>
      <FactTab device={device} kind="network">
        {(fact) => <Network fact={fact} values={values} />}
      </FactTab>
      <h2 className="section-title mt-5 mb-1">{t('ports')}</h2>
      <FactTab device={device} kind="ports">
        {(fact) => (
          <LongTable
            caption={t('ports')}
            rows={rowsIn(fact, 'ports')}
            columns={[
              numberColumn('port', t('port')),
              textColumn('protocol', t('protocol')),
              textColumn('address', t('address')),
              textColumn('process', t('program')),
            ]}
          />
        )}
      </FactTab>
      <WindowsFacts device={device} view="network" />
    </>
  );
}

function Network({ fact, values }: { fact: Fact; values: TabProps['values'] }) {
  const rate = (key: string, title: string, name: string) => ({
    ...{ key, title, isNumber: true },
    cell: (row: Members) => quantityText(values[seriesKey(name, textAt(row, 'name'))], 'bytes/s'),
    sortBy: (row: Members) => values[seriesKey(name, textAt(row, 'name'))] ?? null,
  });
  return (
    <>
      <div className="panel mb-3 px-3 py-2">
        <KeyValues>
          <KeyValue name={t('gateways')}>{textsIn(fact, 'gateways').join(', ') || UNKNOWN}</KeyValue>
          <KeyValue name={t('nameServers')}>{textsIn(fact, 'nameServers').join(', ') || UNKNOWN}</KeyValue>
        </KeyValues>
      </div>
      <LongTable
        caption={t('interfaces')}
        rows={rowsIn(fact, 'interfaces')}
        columns={[
          textColumn('name', t('name')),
          {
            key: 'isUp',
            title: t('state'),
            cell: (row) => (row['isUp'] === true ? t('linkUp') : row['isUp'] === false ? t('linkDown') : UNKNOWN),
          },
          listColumn('addresses', t('addresses')),
          textColumn('mac', 'MAC', 'whitespace-nowrap'),
          numberColumn('mtu', 'MTU'),
          rate('in', t('lineIn'), 'network.rx_rate'),
          rate('out', t('lineOut'), 'network.tx_rate'),
        ]}
      />
    </>
  );
}
