// Who may log in on a device.
import { numberColumn, textColumn } from './columns.tsx';
import { FactTab } from './fact-tab.tsx';
import { rowsIn } from './facts.ts';
import { LongTable } from './long-table.tsx';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';

export function UsersTab({ device }: TabProps) {
  return (
    <FactTab device={device} kind="users">
      {(fact) => (
        <LongTable
          caption={t('users')}
          rows={rowsIn(fact, 'users')}
          columns={[
            textColumn('name', t('name')),
            numberColumn('uid', 'UID'),
            textColumn('shell', t('shell')),
            textColumn('home', t('home'), 'max-sm:hidden'),
          ]}
        />
      )}
    </FactTab>
  );
}
