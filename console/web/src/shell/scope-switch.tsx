// The switch of customer and site: one list of both, because a site says its customer.
import { useMemo } from 'react';
import { useChooseScope, useEstateScope, useSites } from './estate-scope.ts';
import { scopeChoices } from './scope-search.ts';
import { t } from './text.ts';

export function ScopeSwitch({ className = '' }: { className?: string }) {
  const sites = useSites().data;
  const { customer, site } = useEstateScope();
  const choose = useChooseScope();
  const choices = useMemo(() => scopeChoices(sites ?? []), [sites]);
  // Where there is nothing to choose from, a switch only takes room.
  if (sites === undefined || sites.length < 2) return null;
  const value = site !== undefined ? `site ${site.id}` : customer !== undefined ? `customer ${customer.id}` : '';
  const change = (chosen: string) => {
    const [kind, id] = chosen.split(' ');
    choose(kind === 'site' ? { site: id } : kind === 'customer' ? { customer: id } : {});
  };
  return (
    <label className={`scope-switch ${className}`} data-on={value !== '' || undefined}>
      <span className="sr-only">{t('scope')}</span>
      <select value={value} onChange={(event) => change(event.target.value)}>
        <option value="">{t('scopeAll')}</option>
        {choices.map(({ id, name, sites: inside }) => (
          <optgroup key={id} label={name}>
            {inside.length > 1 && <option value={`customer ${id}`}>{t('scopeCustomer', { customer: name })}</option>}
            {inside.map((one) => (
              <option key={one.id} value={`site ${one.id}`}>
                {one.name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}
