// Which incidents a route takes: all that is chosen must fit, and what is not chosen fits anything.
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { TagsField } from '#console/web/src/form/tags-field.tsx';
import { typeText } from '#console/web/src/incidents/incident-words.ts';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { HoursField } from '#console/web/src/people/hours-field.tsx';
import { may } from '#console/web/src/rights/may.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { useCustomers } from '#console/web/src/sites/sites-data.ts';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { ALERT_TYPES, SEVERITIES } from '#shared/model/alert-words.ts';
import type { RoutePartProps } from './route-sheet.tsx';
import { t } from './text.ts';

const NONE: [] = [];

export function MatchFields({ draft, errorOf, onChange }: RoutePartProps) {
  return (
    <>
      <p className="field-hint">{t('matchHint')}</p>
      <PickMany
        label={t('severities')}
        options={SEVERITIES.map((severity) => ({ value: severity, label: severityText(severity) }))}
        chosen={draft.severities}
        onChange={(chosen) => onChange({ severities: SEVERITIES.filter((one) => chosen.includes(one)) })}
      />
      <PickMany
        label={t('types')}
        options={ALERT_TYPES.map((type) => ({ value: type, label: typeText(type) }))}
        chosen={draft.types}
        onChange={(chosen) => onChange({ types: ALERT_TYPES.filter((one) => chosen.includes(one)) })}
      />
      <Places draft={draft} onChange={onChange} />
      <TagsField label={t('tags')} hint={t('tagsHint')} tags={draft.tags} onChange={(tags) => onChange({ tags })} />
      <TextField
        label={t('checks')}
        hint={t('checksHint')}
        isCode
        value={draft.checks}
        error={errorOf('match')}
        autoCapitalize="off"
        onText={(checks) => onChange({ checks })}
      />
      <HoursField draft={draft} label={t('routeHours')} error={errorOf('hours')} onChange={onChange} />
      {draft.hasHours && (
        <Checkbox label={t('isOutside')} isOn={draft.isOutside} onChange={(isOutside) => onChange({ isOutside })} />
      )}
    </>
  );
}

const optionOf = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });

function Places({ draft, onChange }: Pick<RoutePartProps, 'draft' | 'onChange'>) {
  const sites = useSites().data ?? NONE;
  const customers = useCustomers(may('customer.read')).data ?? NONE;
  const groups = useGroups().data ?? NONE;
  return (
    <>
      {customers.length > 0 && (
        <PickMany
          label={t('customers')}
          options={customers.map(optionOf)}
          chosen={draft.customers}
          onChange={(chosen) => onChange({ customers: chosen })}
        />
      )}
      {sites.length > 0 && (
        <PickMany
          label={t('sites')}
          options={sites.map(optionOf)}
          chosen={draft.sites}
          onChange={(chosen) => onChange({ sites: chosen })}
        />
      )}
      {groups.length > 0 && (
        <PickMany
          label={t('groups')}
          options={groups.map(optionOf)}
          chosen={draft.groups}
          onChange={(chosen) => onChange({ groups: chosen })}
        />
      )}
    </>
  );
}
