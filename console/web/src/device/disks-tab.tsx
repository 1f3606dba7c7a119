// The disks of a device and its filesystems: what they are, how full, how busy at this moment.
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import { seriesKey } from '#shared/model/series-key.ts';
import { numberColumn, textColumn } from './columns.tsx';
import { FactTab } from './fact-tab.tsx';
import { type Members, rowsIn, textAt } from './facts.ts';
import { Filesystems } from './filesystems.tsx';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function DisksTab({ device, values }: TabProps) {
  const now = (row: Members, name: string, unit: string) =>
    quantityText(values[seriesKey(name, textAt(row, 'name'))], unit);
  const live = (key: string, title: string, name: string, unit: string) => ({
    ...{ key, title, isNumber: true },
    cell: (row: Members) => now(row, name, unit),
    sortBy: (row: Members) => values[seriesKey(name, textAt(row, 'name'))] ?? null,
  });
  return (
    <>
      <section className="panel mb-4 p-3">
        <h2 className="section-title mb-2">{t('filesystems')}</h2>
        <Filesystems values={values} />
      </section>
      <h2 className="section-title mb-1">{t('disks')}</h2>
      <FactTab device={device} kind="disks">
        {(fact) => (
          <LongTable
            caption={t('disks')}
            rows={rowsIn(fact, 'disks')}
            columns={[
              textColumn('name', t('name')),
              textColumn('model', t('model')),
              numberColumn('sizeBytes', t('size'), 'bytes'),
              {
                key: 'kind',
                title: t('kind'),
                cell: (row) =>
                  row['isRotational'] === true ? t('rotating') : row['isRotational'] === false ? t('solid') : UNKNOWN,
              },
              textColumn('serial', t('serial'), 'max-md:hidden'),
              live('read', t('lineRead'), 'disk.read_rate', 'bytes/s'),
              live('written', t('lineWritten'), 'disk.write_rate', 'bytes/s'),
              live('busy', t('lineBusy'), 'disk.busy_ratio', 'ratio'),
            ]}
          />
        )}
      </FactTab>
      <WindowsFacts device={device} view="disks" />
    </>
  );
}
