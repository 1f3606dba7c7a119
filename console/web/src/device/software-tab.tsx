// What is installed on a device, with versions.
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { textColumn, toldColumns } from './columns.tsx';
import { FactTab } from './fact-tab.tsx';
import { isMembers, rowsIn } from './facts.ts';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function SoftwareTab({ device }: TabProps) {
  return (
    <>
      <FactTab device={device} kind="packages">
        {(fact) => (
          <LongTable
            caption={t('software')}
            rows={rowsIn(fact, 'packages')}
            columns={[
              textColumn('name', t('name')),
              textColumn('version', t('version')),
              textColumn('arch', t('architecture'), 'max-sm:hidden'),
              ...toldColumns(rowsIn(fact, 'packages'), [textColumn('publisher', t('publisher'), 'max-sm:hidden')]),
            ]}
          >
            {isMembers(fact.body) && fact.body['isTruncated'] === true && (
              <span className="text-xs text-changed">{t('truncated')}</span>
            )}
          </LongTable>
        )}
      </FactTab>
      <WindowsFacts device={device} view="software" />
    </>
  );
}
