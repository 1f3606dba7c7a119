// Changes what new devices of a site begin with; devices that are there stay as they are.
import { useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { transportOptions } from '#console/web/src/fleet/value-text.ts';
import { useHandGroups } from '#console/web/src/form/estate-lists.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { IntervalField } from '#console/web/src/form/interval-field.tsx';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { TagsField } from '#console/web/src/form/tags-field.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { duration } from '#console/web/src/text/format.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { type DefaultsDraft, defaultsOf, draftOfDefaults, isPort, transportOf } from './defaults-draft.ts';
import type { SiteRow } from './sites-data.ts';
import { t } from './text.ts';

const FIELDS = ['relayId', 'transport', 'port', 'credential', 'realm', 'share', 'intervalMs', 'tags', 'groupIds'];

/** Mount it to open it. */
export function DefaultsDialog({ site, onClose }: { site: SiteRow; onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm({
    initial: draftOfDefaults(site.defaults),
    fields: FIELDS.map((field) => `defaults.${field}`),
    check: ({ port }): Record<string, string> =>
      port.trim() === '' || isPort(port.trim()) ? {} : { 'defaults.port': t('portRange') },
    save: (draft) => api.sites.update({ id: site.id, defaults: defaultsOf(draft) }),
    onSaved: () => {
      toast.say(t('defaultsSaved', { site: site.name }));
      void queries.invalidateQueries({ queryKey: ['sites'] });
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      size="large"
      title={t('defaultsOf', { site: site.name })}
      onClose={onClose}
      onSubmit={form.submit}
      isHeld={form.isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={form.isBusy} onClose={onClose} />}
    >
      <DefaultsFields form={form} siteId={site.id} />
      <FormFault text={form.fault} />
    </Dialog>
  );
}

/** A select has no empty value of its own. */
const NONE = 'none';

function DefaultsFields({ form, siteId }: { form: Form<DefaultsDraft>; siteId: string }) {
  const { draft, change } = form;
  const errorOf = (field: string) => form.errorOf(`defaults.${field}`);
  const relays = useRelays().data?.filter((relay) => relay.siteId === siteId) ?? [];
  const groups = useHandGroups();
  return (
    <div className="form-grid">
      <Select
        label={t('relay')}
        options={[
          { value: NONE, label: t('onlyRelay') },
          ...relays.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={draft.relayId === '' ? NONE : draft.relayId}
        error={errorOf('relayId')}
        onChoose={(id) => change({ relayId: id === NONE ? '' : id })}
      />
      <Select
        label={t('transport')}
        options={[{ value: NONE, label: t('usually', { value: 'SSH' }) }, ...transportOptions()]}
        value={draft.transport === '' ? NONE : draft.transport}
        error={errorOf('transport')}
        onChoose={(kind) => change({ transport: transportOf(kind) })}
      />
      <TextField
        label={t('port')}
        value={draft.port}
        inputMode="numeric"
        placeholder={t('usualPort')}
        error={errorOf('port')}
        onText={(port) => change({ port })}
      />
      <TextField
        label={t('credential')}
        value={draft.credential}
        hint={t('credentialHint')}
        error={errorOf('credential')}
        onText={(credential) => change({ credential })}
      />
      <TextField
        label={t('realm')}
        value={draft.realm}
        hint={t('realmHint')}
        error={errorOf('realm')}
        autoCapitalize="characters"
        onText={(realm) => change({ realm: realm.toUpperCase() })}
      />
      <TextField
        label={t('share')}
        value={draft.share}
        hint={t('shareHint')}
        error={errorOf('share')}
        autoCapitalize="off"
        onText={(share) => change({ share })}
      />
      <IntervalField
        value={draft.intervalMs}
        usual={t('usually', { value: duration(60_000) })}
        error={errorOf('intervalMs')}
        onChoose={(intervalMs) => change({ intervalMs })}
      />
      <TagsField label={t('tags')} tags={draft.tags} error={errorOf('tags')} onChange={(tags) => change({ tags })} />
      {groups.length > 0 && (
        <PickMany
          label={t('groups')}
          options={groups.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={draft.groupIds}
          onChange={(groupIds) => change({ groupIds })}
        />
      )}
    </div>
  );
}
