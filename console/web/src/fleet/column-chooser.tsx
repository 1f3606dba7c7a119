// Which columns stand, in which order and how wide, and how dense the rows are.

import { useAppearance } from '#console/web/src/settings/appearance.ts';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Segmented } from '#console/web/src/ui/choice.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { clampWidth, moved, switched, WIDTH_STEP, widthOf } from './column-layout.ts';
import { COLUMN_KEYS, type ColumnKey } from './column-list.ts';
import type { FleetViewProps } from './fleet-search.ts';
import { fieldTitle, t } from './text.ts';
import type { ColumnState } from './use-columns.ts';

interface ChooserProps extends FleetViewProps {
  columns: ColumnState;
  isOpen: boolean;
  onClose: () => void;
}

export function ColumnChooser({ columns, search, onChange, isOpen, onClose }: ChooserProps) {
  const { density } = useAppearance();
  const { keys, onColumns, isChosen } = columns;
  const others = COLUMN_KEYS.filter((key) => !keys.includes(key));
  return (
    <Sheet
      title={t('columns')}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <Button disabled={!isChosen} onClick={() => onColumns([])}>
          {t('columnsUsual')}
        </Button>
      }
    >
      <div className="flex items-center justify-between gap-3">
        <span className="field-label">{t('density')}</span>
        <Segmented
          label={t('density')}
          options={[
            { value: 'comfortable', label: t('comfortable') },
            { value: 'compact', label: t('compact') },
          ]}
          value={search.density ?? density}
          onChoose={(value) => onChange({ density: value === density ? undefined : value })}
        />
      </div>
      <section aria-label={t('columnsShown')}>
        <h3 className="facet-title">{t('columnsShown')}</h3>
        <p className="m-0 mb-1 text-xs text-muted">{t('columnsNote')}</p>
        <ul className="m-0 list-none p-0">
          {keys.slice(1).map((key, place) => (
            <Chosen key={key} column={key} columns={columns} isFirst={place === 0} isLast={place === keys.length - 2} />
          ))}
        </ul>
      </section>
      <section aria-label={t('columnsOthers')}>
        <h3 className="facet-title">{t('columnsOthers')}</h3>
        <ul className="m-0 grid list-none grid-cols-2 p-0">
          {others.map((key) => (
            <li key={key}>
              <Checkbox label={fieldTitle(key)} isOn={false} onChange={() => onColumns(switched(keys, key))} />
            </li>
          ))}
        </ul>
      </section>
    </Sheet>
  );
}

interface ChosenProps {
  column: ColumnKey;
  columns: ColumnState;
  isFirst: boolean;
  isLast: boolean;
}

function Chosen({ column, columns: { keys, widths, onWidth, onColumns }, isFirst, isLast }: ChosenProps) {
  const title = fieldTitle(column);
  const widen = (by: number) => onWidth(column, clampWidth(widthOf(column, widths) + by));
  return (
    <li className="flex items-center gap-0.5">
      <span className="grow">
        <Checkbox label={title} isOn onChange={() => onColumns(switched(keys, column))} />
      </span>
      <IconButton
        isSmall
        icon="minus"
        label={t('columnNarrower', { column: title })}
        onClick={() => widen(-WIDTH_STEP)}
      />
      <IconButton isSmall icon="plus" label={t('columnWider', { column: title })} onClick={() => widen(WIDTH_STEP)} />
      <IconButton
        isSmall
        icon="up"
        label={t('columnUp', { column: title })}
        disabled={isFirst}
        onClick={() => onColumns(moved(keys, column, -1))}
      />
      <IconButton
        isSmall
        icon="down"
        label={t('columnDown', { column: title })}
        disabled={isLast}
        onClick={() => onColumns(moved(keys, column, 1))}
      />
    </li>
  );
}
