// The checks of a layer beside those that ship: each inherited, set here, or off here.
import { useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Check } from '#shared/model/check.ts';
import { CheckSheet } from './check-sheet.tsx';
import { checkText } from './check-words.ts';
import { t } from './text.ts';

interface LayerChecksProps {
  checks: ReadonlyMap<string, Check | null>;
  mayWrite: boolean;
  onChange: (checks: ReadonlyMap<string, Check | null>) => void;
}

interface Row {
  id: string;
  /** What holds here, or would where it is off. */
  check: Check | undefined;
  state: 'inherit' | 'own' | 'off';
}

const STATES = { inherit: 'saysInherit', own: 'saysOwn', off: 'saysOff' } as const;

function rowsOf(checks: LayerChecksProps['checks']): Row[] {
  const shipped = new Map(SHIPPED_CHECKS.map((check) => [check.id as string, check]));
  const ids = [...new Set([...checks.keys(), ...shipped.keys()])];
  return ids.map((id): Row => {
    const own = checks.get(id);
    const state = own === undefined ? 'inherit' : own === null ? 'off' : 'own';
    return { id, check: own ?? shipped.get(id), state };
  });
}

export function LayerChecks({ checks, mayWrite, onChange }: LayerChecksProps) {
  const [search, setSearch] = useState('');
  const [edited, setEdited] = useState<Check | 'new'>();
  const put = (id: string, check: Check | null | undefined) => {
    const next = new Map(checks);
    if (check === undefined) next.delete(id);
    else next.set(id, check);
    onChange(next);
  };
  const word = search.trim().toLowerCase();
  const rows = rowsOf(checks).filter(({ id, check }) => `${id} ${check?.name ?? ''}`.toLowerCase().includes(word));
  return (
    <section className="min-w-0">
      <h2 className="mt-2 mb-1 text-base font-semibold">{t('checks')}</h2>
      <p className="mt-0 mb-2 max-w-prose text-muted">{t('checksIntro')}</p>
      <div className="mb-2 flex flex-wrap items-end gap-2">
        <TextField label={t('search')} value={search} onText={setSearch} />
        {mayWrite && (
          <Button icon="plus" onClick={() => setEdited('new')}>
            {t('newCheck')}
          </Button>
        )}
      </div>
      <Table
        caption={t('checks')}
        isCaptionHidden
        rows={rows}
        rowKey={({ id }) => id}
        columns={columnsOf({ mayWrite, put, edit: setEdited })}
      />
      {edited !== undefined && (
        <CheckSheet
          check={edited === 'new' ? undefined : edited}
          onTake={(check) => {
            put(check.id, check);
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </section>
  );
}

interface RowActs {
  mayWrite: boolean;
  put: (id: string, check: Check | null | undefined) => void;
  edit: (check: Check) => void;
}

function columnsOf({ mayWrite, put, edit }: RowActs): Array<Column<Row>> {
  return [
    {
      ...{ key: 'check', title: t('check'), sortBy: ({ id }: Row) => id },
      cell: ({ id, check }) => (
        <>
          <span className="block wrap-anywhere">{inert(check?.name ?? id)}</span>
          <span className="block font-mono text-sm text-muted">{id}</span>
        </>
      ),
    },
    { key: 'fails', title: t('fails'), cell: ({ check }) => (check === undefined ? '–' : checkText(check)) },
    {
      ...{ key: 'here', title: t('here'), sortBy: ({ state }: Row) => state },
      cell: ({ state }) => <Tag text={t(STATES[state])} tone={state === 'inherit' ? 'plain' : 'accent'} />,
    },
    {
      ...{ key: 'acts', title: t('change') },
      cell: ({ id, check, state }) =>
        mayWrite && (
          <span className="flex flex-wrap justify-end gap-1">
            {check !== undefined && (
              <Button isSmall kind="quiet" aria-label={`${t('change')}: ${id}`} onClick={() => edit(check)}>
                {t('change')}
              </Button>
            )}
            {state !== 'off' && (
              <Button isSmall kind="quiet" aria-label={`${t('turnOff')}: ${id}`} onClick={() => put(id, null)}>
                {t('turnOff')}
              </Button>
            )}
            {state !== 'inherit' && (
              <Button isSmall kind="quiet" aria-label={`${t('inherit')}: ${id}`} onClick={() => put(id, undefined)}>
                {t('inherit')}
              </Button>
            )}
          </span>
        ),
    },
  ];
}
