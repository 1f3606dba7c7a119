// How a device is reached: name, address, port, transport, credential, interval, relay. Faults of fields stand at their fields.
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { transportOptions } from '#console/web/src/fleet/value-text.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import '#console/web/src/form/form.css';
import { IntervalField } from '#console/web/src/form/interval-field.tsx';
import { REACH_TEXTS, ReachTextFields } from '#console/web/src/form/reach-fields.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { DeviceData } from './device-data.ts';
import { draftOf, type EditDraft, faultsOfDraft, otherWay, patchOf } from './edit-draft.ts';
import { t } from './text.ts';
import type { Update } from './use-update.ts';

const FIELDS = ['name', 'address', 'transport', ...REACH_TEXTS, 'intervalMs', 'relayId'];
const NO_RELAYS: [] = [];

interface EditDialogProps {
  device: DeviceData;
  update: Update;
  onClose: () => void;
}

export function EditDialog({ device, update, onClose }: EditDialogProps) {
  const form = useForm<EditDraft, unknown>({
    initial: draftOf(device),
    fields: FIELDS,
    check: (draft) => (faultsOfDraft(draft).port ? { port: t('portRule') } : {}),
    save: (draft) => update.save(patchOf(device, draft)),
    onSaved: () => {
      toast.say(t('saved'));
      onClose();
    },
  });
  const { draft, change, errorOf } = form;
  const isElsewhere = draft.address.trim() !== device.address || draft.port !== String(device.port ?? '');
  return (
    <Dialog
      isOpen
      title={t('editTitle')}
      onClose={onClose}
      onSubmit={form.submit}
      isHeld={form.isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={form.isBusy} isIdle={!form.isChanged} onClose={onClose} />}
    >
      <div className="form-grid">
        <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
        <RelayField
          device={device}
          draft={draft}
          error={errorOf('relayId')}
          onRelay={(relayId) => change({ relayId })}
        />
        <TextField
          isCode
          label={t('address')}
          value={draft.address}
          error={errorOf('address')}
          hint={isElsewhere ? t('pinnedHint') : t('addressHint')}
          onText={(address) => change({ address })}
        />
        <Select
          label={t('transport')}
          options={transportOptions()}
          value={draft.transport}
          error={errorOf('transport')}
          onChoose={(transport) => change({ transport, ...otherWay(transport, device) })}
        />
        <ReachTextFields
          transport={draft.transport}
          texts={draft}
          hintOf={(field) => (field === 'credential' ? t('credentialHint') : '')}
          errorOf={errorOf}
          onChange={change}
        />
        <IntervalField
          value={draft.intervalMs}
          error={errorOf('intervalMs')}
          onChoose={(intervalMs) => change({ intervalMs })}
        />
      </div>
      <FormFault text={form.fault} />
    </Dialog>
  );
}

interface RelayFieldProps {
  device: DeviceData;
  draft: EditDraft;
  error: string;
  onRelay: (relayId: string) => void;
}

function RelayField({ device, draft, error, onRelay }: RelayFieldProps) {
  const relays = useRelays().data ?? NO_RELAYS;
  const options = relays
    .filter(({ siteId }) => siteId === device.siteId)
    .map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Select
      label={t('relay')}
      options={options}
      value={draft.relayId}
      placeholder={t('none')}
      error={error}
      hint={t('relayHint')}
      onChoose={onRelay}
    />
  );
}
