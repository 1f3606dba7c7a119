// Who may log in on a device.
import { WindowsFacts } from '#console/web/src/device-windows/fact-sections.tsx';
import { flagColumn, knownColumns, numberColumn, textColumn, toldColumns } from './columns.tsx';
import { FactTab } from './fact-tab.tsx';
import { rowsIn } from './facts.ts';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function UsersTab({ device }: TabProps) {
  return (
    <>
      <FactTab device={device} kind="users">
        {(fact) => (
          <LongTable
            caption={t('users')}
            rows={rowsIn(fact, 'users')}
            columns={[
              textColumn('name', t('name')),
              ...toldColumns(rowsIn(fact, 'users'), [
                textColumn('fullName', t('fullName')),
                flagColumn('isDisabled', t('disabled')),
                flagColumn('needsPassword', t('needsPassword')),
              ]),
              numberColumn('uid', 'UID'),
              ...knownColumns(rowsIn(fact, 'users'), [
                textColumn('shell', t('shell')),
                textColumn('home', t('home'), 'max-sm:hidden'),
              ]),
            ]}
          />
        )}
      </FactTab>
      <WindowsFacts device={device} view="users" />
    </>
  );
}
