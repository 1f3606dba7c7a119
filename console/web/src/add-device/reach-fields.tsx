// How a device is reached: filled from its site's defaults, each marked as such until somebody says otherwise.
import { transportOptions } from '#console/web/src/fleet/value-text.ts';
import { IntervalField } from '#console/web/src/form/interval-field.tsx';
import { ReachTextFields } from '#console/web/src/form/reach-fields.tsx';
import { TagsField } from '#console/web/src/form/tags-field.tsx';
import type { SiteRow } from '#console/web/src/sites/sites-data.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { isInherited, type Reach, type ReachField, reachOf, withTransport } from './device-draft.ts';
import { t } from './text.ts';

interface ReachFieldsProps {
  own: Partial<Reach>;
  defaults: SiteRow['defaults'];
  errorOf: (field: string) => string;
  onChange: (own: Partial<Reach>) => void;
}

export function ReachFields({ own, defaults, errorOf, onChange }: ReachFieldsProps) {
  const shown = reachOf(own, defaults);
  const say = (patch: Partial<Reach>) => onChange({ ...own, ...patch });
  const hintOf = (field: ReachField) => (isInherited(field, own, defaults) ? t('fromSite') : '');
  return (
    <>
      <Select
        label={t('transport')}
        options={transportOptions()}
        value={shown.transport}
        hint={hintOf('transport')}
        error={errorOf('transport')}
        onChoose={(transport) => onChange(withTransport(own, transport))}
      />
      <ReachTextFields transport={shown.transport} texts={shown} hintOf={hintOf} errorOf={errorOf} onChange={say} />
      <IntervalField
        value={shown.intervalMs}
        hint={hintOf('intervalMs')}
        error={errorOf('intervalMs')}
        onChoose={(intervalMs) => say({ intervalMs })}
      />
      <TagsField
        label={t('tags')}
        tags={shown.tags}
        {...(isInherited('tags', own, defaults) && { hint: t('fromSite') })}
        error={errorOf('tags')}
        onChange={(tags) => say({ tags })}
      />
    </>
  );
}
