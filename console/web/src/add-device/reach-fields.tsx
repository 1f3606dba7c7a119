// How a device is reached: filled from its site's defaults, each marked as such until somebody says otherwise.
import { IntervalField } from '#console/web/src/form/interval-field.tsx';
import { TagsField } from '#console/web/src/form/tags-field.tsx';
import type { SiteRow } from '#console/web/src/sites/sites-data.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { isInherited, type Reach, type ReachField, reachOf } from './device-draft.ts';
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
  const hintOf = (field: ReachField, other = '') => (isInherited(field, own, defaults) ? t('fromSite') : other);
  return (
    <>
      <Select
        label={t('transport')}
        options={[
          { value: 'ssh', label: t('viaSsh') },
          { value: 'local', label: t('viaLocal') },
        ]}
        value={shown.transport}
        hint={hintOf('transport')}
        error={errorOf('transport')}
        onChoose={(transport) => say({ transport })}
      />
      {shown.transport === 'ssh' && (
        <>
          <TextField
            label={t('port')}
            value={shown.port}
            inputMode="numeric"
            placeholder="22"
            hint={hintOf('port')}
            error={errorOf('port')}
            onText={(port) => say({ port })}
          />
          <TextField
            label={t('credential')}
            value={shown.credential}
            hint={hintOf('credential', t('credentialHint'))}
            error={errorOf('credential')}
            autoCapitalize="off"
            onText={(credential) => say({ credential })}
          />
        </>
      )}
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
