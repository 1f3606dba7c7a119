// Whose values are added up or compared: the fleet, a customer, a site or a group.
import { useMemo } from 'react';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { scopeChoices } from '#console/web/src/shell/scope-search.ts';
import { Combobox } from '#console/web/src/ui/combobox.tsx';
import { t } from './text.ts';

export const FLEET = 'fleet';

/** All there is to choose from, the widest first. */
export function useOverOptions() {
  const sites = useSites().data;
  const groups = useGroups().data;
  return useMemo(() => {
    const customers = scopeChoices(sites ?? []);
    return [
      { value: FLEET, label: t('overFleet') },
      ...customers.map(({ id, name }) => ({ value: `customer:${id}`, label: name, hint: t('overCustomer') })),
      ...customers.flatMap(({ name: customer, sites: inside }) =>
        inside.map(({ id, name }) => ({ value: `site:${id}`, label: name, hint: t('overSite', { customer }) })),
      ),
      ...(groups ?? []).map(({ id, name }) => ({ value: `group:${id}`, label: name, hint: t('overGroup') })),
    ];
  }, [sites, groups]);
}

interface OverChoiceProps {
  over: string;
  onChoose: (over: string) => void;
}

export function OverChoice({ over, onChoose }: OverChoiceProps) {
  const options = useOverOptions();
  const chosen = options.find(({ value }) => value === over) ?? { value: over, label: t('overUnknown') };
  return (
    <Combobox
      label={t('over')}
      options={options}
      value={chosen}
      onChoose={(option) => onChoose(option?.value ?? FLEET)}
    />
  );
}
