// The form of a new device, with what its relay sees beside it.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useRef } from 'react';
import { api } from '#console/web/src/api/api.ts';
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { useGroups } from '#console/web/src/form/estate-lists.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { portOfTransport, REACH_TEXTS } from '#console/web/src/form/reach-fields.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import type { SiteRow } from '#console/web/src/sites/sites-data.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { EMPTY_DEVICE, missingIn, type Reach, reachOf, wishOf, withTransport } from './device-draft.ts';
import { DEVICE_TYPES, typeText } from './device-types.ts';
import { ProbePanel } from './probe-panel.tsx';
import { ReachFields } from './reach-fields.tsx';
import { t } from './text.ts';
import { type Probed, useProbe } from './use-probe.ts';

const FIELDS = ['name', 'address', 'transport', ...REACH_TEXTS, 'intervalMs', 'type', 'tags', 'notes'];

interface DeviceFormProps {
  site: SiteRow | undefined;
  relay: RelayRow | undefined;
  /** The choice of site and relay, first in the form; it stays in its place whatever is chosen, and keeps the focus. */
  where: ReactNode;
  /** Stands in place of the fields while no relay is chosen. */
  instead: ReactNode;
}

const NO_DEFAULTS: SiteRow['defaults'] = {};

export function DeviceForm({ site, relay, where, instead }: DeviceFormProps) {
  const address = useRef<HTMLInputElement>(null);
  const form = useDeviceForm(relay?.id ?? '', address);
  const { draft, change, errorOf } = form;
  const defaults = site?.defaults ?? NO_DEFAULTS;
  const shown = reachOf(draft.own, defaults);
  const probe = useProbe({
    relayId: relay?.id ?? '',
    isLinked: relay?.isConnected === true,
    address: draft.address,
    port: shown.port,
  });
  return (
    <form
      noValidate
      className="grid grid-cols-1 items-start gap-3 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]"
      onSubmit={(event) => {
        event.preventDefault();
        if (relay !== undefined) form.add('open');
      }}
    >
      <section className="panel grid gap-4 p-4" aria-label={t('where')}>
        <div className="form-grid">
          {where}
          {relay !== undefined && <Naming form={form} addressRef={address} />}
        </div>
        {relay === undefined && instead}
      </section>
      {relay !== undefined && (
        <ProbePanel
          relay={relay}
          probe={probe}
          isTaken={(probed) => isTaken(probed, shown)}
          onSuggestion={(probed) => change({ own: suggested(draft.own, probed) })}
        />
      )}
      {relay !== undefined && (
        <section className="panel grid gap-4 p-4" aria-label={t('how')}>
          <div className="form-grid">
            <ReachFields own={draft.own} defaults={defaults} errorOf={errorOf} onChange={(own) => change({ own })} />
            <Describing form={form} />
          </div>
          <Ending form={form} groupIds={defaults.groupIds ?? []} />
        </section>
      )}
    </form>
  );
}

type DeviceFormState = ReturnType<typeof useDeviceForm>;

interface NamingProps {
  form: DeviceFormState;
  addressRef: RefObject<HTMLInputElement | null>;
}

function Naming({ form: { draft, change, errorOf }, addressRef }: NamingProps) {
  return (
    <>
      <TextField
        ref={addressRef}
        label={t('address')}
        value={draft.address}
        hint={t('addressHint')}
        error={errorOf('address')}
        autoCapitalize="off"
        onText={(address) => change({ address })}
      />
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
    </>
  );
}

function Describing({ form: { draft, change, errorOf } }: { form: DeviceFormState }) {
  return (
    <>
      <Select
        label={t('type')}
        options={DEVICE_TYPES.map((type) => ({ value: type, label: typeText(type) }))}
        value={draft.type === '' ? 'facts' : draft.type}
        error={errorOf('type')}
        onChoose={(type) => change({ type: type === 'facts' ? '' : type })}
      />
      <TextArea label={t('notes')} value={draft.notes} error={errorOf('notes')} onText={(notes) => change({ notes })} />
    </>
  );
}

function Ending({ form, groupIds }: { form: DeviceFormState; groupIds: readonly string[] }) {
  return (
    <>
      <DefaultGroups ids={groupIds} />
      <FormFault text={form.fault} />
      <div className="flex flex-wrap gap-2">
        <Button kind="primary" type="submit" isBusy={form.isBusy}>
          {t('add')}
        </Button>
        <Button onClick={() => form.add('another')} disabled={form.isBusy}>
          {t('addAnother')}
        </Button>
      </div>
    </>
  );
}

const suggested = (own: Partial<Reach>, { suggestedTransport, suggestedPort }: Probed): Partial<Reach> => ({
  ...(suggestedTransport === undefined ? own : withTransport(own, suggestedTransport)),
  ...(suggestedPort !== undefined && { port: String(suggestedPort) }),
});

/** The usual port may be said or left to the relay. */
const isTaken = (probed: Probed, shown: Pick<Reach, 'transport' | 'port'>): boolean =>
  probed.suggestedTransport === shown.transport &&
  (probed.suggestedPort === undefined ||
    String(probed.suggestedPort) === (shown.port || portOfTransport(shown.transport)));

function useDeviceForm(relayId: string, address: RefObject<HTMLInputElement | null>) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const then = useRef<'open' | 'another'>('open');
  const form = useForm({
    initial: EMPTY_DEVICE,
    fields: FIELDS,
    check: (draft) => Object.fromEntries(missingIn(draft).map((field) => [field, t(FAULTS[field])])),
    save: (draft) => api.devices.create(wishOf(draft, relayId)),
    onSaved: ({ id, name }) => {
      toast.say(t('added', { device: name }));
      for (const key of ['fleet', 'sites', 'status', 'overview', 'tags', 'groups'])
        void queries.invalidateQueries({ queryKey: [key] });
      if (then.current === 'open') return void navigate({ to: '/devices/$id', params: { id } });
      // What the next one has in common with this one stays.
      form.change({ name: '', address: '', notes: '' });
      address.current?.focus();
    },
  });
  const add = (next: 'open' | 'another') => {
    then.current = next;
    form.submit();
  };
  return { ...form, add };
}

const FAULTS = { name: 'nameMissing', address: 'addressMissing', port: 'portRange' } as const;

/** Groups of the defaults, which the console puts it into. */
function DefaultGroups({ ids }: { ids: readonly string[] }) {
  const names = useGroups()
    .data?.filter(({ id }) => ids.includes(id))
    .map(({ name }) => name);
  if (names === undefined || names.length === 0) return null;
  return <p className="m-0 text-xs text-muted">{t('joins', { groups: names.join(', ') })}</p>;
}
