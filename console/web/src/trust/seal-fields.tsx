// The fields of a login that is being sealed: where it is held, what it is for, the secret, and where it may go.
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { transportOptions } from '#console/web/src/fleet/value-text.ts';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { TransportKind } from '#shared/model/device.ts';
import { useDevicesOfRelay } from './credentials-data.ts';
import type { SealDraft, SealFaults } from './seal-draft.ts';
import { t } from './text.ts';

interface SealFieldsProps {
  draft: SealDraft;
  faults: SealFaults;
  relays: readonly RelayRow[];
  change: (patch: Partial<SealDraft>) => void;
}

export function SealFields(props: SealFieldsProps) {
  return (
    <div className="form-grid">
      <Place {...props} />
      <Secret {...props} />
      <Binding {...props} />
    </div>
  );
}

const said = (fault: SealFaults[keyof SealFaults]): string => (fault === undefined ? '' : t(fault));

function Place({ draft, faults, relays, change }: SealFieldsProps) {
  const options = relays.map(({ id, name, siteName }) => ({ value: id, label: `${siteName}: ${name}` }));
  return (
    <>
      <Select
        label={t('relay')}
        placeholder={t('chooseRelay')}
        options={options}
        value={draft.relay}
        error={said(faults.relay)}
        onChoose={(relay) => change({ relay, devices: [] })}
      />
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        autoCapitalize="off"
        value={draft.name}
        error={said(faults.name)}
        onText={(name) => change({ name })}
      />
      <Select
        label={t('slot')}
        hint={t('slotHint')}
        options={(['current', 'next'] as const).map((slot) => ({ value: slot, label: t(`slot_${slot}`) }))}
        value={draft.slot}
        onChoose={(slot) => change({ slot })}
      />
      <Select
        label={t('purpose')}
        options={(['monitor', 'act', 'both'] as const).map((one) => ({ value: one, label: t(`purpose_${one}`) }))}
        value={draft.purpose}
        onChoose={(purpose) => change({ purpose })}
      />
    </>
  );
}

function Secret(props: SealFieldsProps) {
  const { draft, change } = props;
  return (
    <>
      <div className="form-wide">
        <RadioGroup
          label={t('secret')}
          options={[
            { value: 'password', label: t('password') },
            { value: 'key', label: t('privateKey') },
            { value: 'hook', label: t('fetchedByRelay') },
          ]}
          value={draft.holds}
          onChoose={(holds) => change({ holds })}
        />
      </div>
      {draft.holds !== 'hook' && <User {...props} />}
      <Held {...props} />
    </>
  );
}

function User({ draft, faults, change }: SealFieldsProps) {
  return (
    <>
      <TextField
        label={t('user')}
        hint={t('userHint')}
        spellCheck={false}
        autoCapitalize="off"
        value={draft.user}
        error={said(faults.user)}
        onText={(user) => change({ user })}
      />
      <div className="field-row">
        <Checkbox
          label={t('userShown')}
          hint={t('userShownHint')}
          isOn={draft.isUserShown}
          onChange={(isUserShown) => change({ isUserShown })}
        />
      </div>
    </>
  );
}

function Held({ draft, faults, change }: SealFieldsProps) {
  switch (draft.holds) {
    case 'password':
      return (
        <TextField
          label={t('password')}
          type="password"
          // Not a password of this page: no browser offers to keep it.
          autoComplete="new-password"
          value={draft.password}
          error={said(faults.password)}
          onText={(password) => change({ password })}
        />
      );
    case 'key':
      return (
        <TextArea
          label={t('privateKey')}
          hint={t('privateKeyHint')}
          isCode
          rows={6}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={draft.privateKey}
          error={said(faults.privateKey)}
          onText={(privateKey) => change({ privateKey })}
        />
      );
    case 'hook':
      return (
        <TextField
          label={t('hook')}
          hint={t('hookHint')}
          isCode
          autoCapitalize="off"
          value={draft.hook}
          error={said(faults.hook)}
          onText={(hook) => change({ hook })}
        />
      );
  }
}

function Binding({ draft, faults, relays, change }: SealFieldsProps) {
  const relay = relays.find(({ id }) => id === draft.relay);
  const devices = useDevicesOfRelay(relay?.siteId, draft.relay).data ?? [];
  const onTransports = (chosen: readonly string[]) =>
    change({ transports: chosen.map((kind) => TransportKind.parse(kind)) });
  return (
    <>
      <TextArea
        label={t('ranges')}
        hint={t('rangesHint')}
        isCode
        rows={3}
        spellCheck={false}
        value={draft.ranges}
        error={said(faults.ranges)}
        onText={(ranges) => change({ ranges })}
      />
      {devices.length > 0 && (
        <PickMany
          label={t('onlyDevices')}
          options={devices.map(({ id, name }) => ({ value: id, label: name }))}
          chosen={draft.devices}
          onChange={(chosen) => change({ devices: chosen })}
        />
      )}
      <PickMany
        label={t('onlyTransports')}
        options={transportOptions()}
        chosen={draft.transports}
        onChange={onTransports}
      />
      <TextField
        label={t('expires')}
        hint={t('expiresHint')}
        type="date"
        value={draft.expires}
        error={said(faults.expires)}
        onText={(expires) => change({ expires })}
      />
      <div className="field-row">
        <Checkbox
          label={t('keyOnly')}
          hint={said(faults.isKeyOnly)}
          isOn={draft.isKeyOnly}
          onChange={(isKeyOnly) => change({ isKeyOnly })}
        />
      </div>
      <NtlmOverHttp draft={draft} faults={faults} change={change} />
    </>
  );
}

/** Where Windows is asked without TLS. What was allowed before stays to be seen when the purpose is another. */
function NtlmOverHttp({ draft, faults, change }: Omit<SealFieldsProps, 'relays'>) {
  // NTLM proves a password: a key knows nothing of it.
  const mayBe = draft.holds !== 'key' && (draft.transports.length === 0 || draft.transports.includes('winrm'));
  if (!draft.isNtlmOverHttp && (draft.purpose !== 'monitor' || !mayBe)) return null;
  return (
    <div className="field-row form-wide">
      <Checkbox
        label={t('ntlmOverHttp')}
        hint={said(faults.isNtlmOverHttp) || t('ntlmOverHttpHint')}
        isOn={draft.isNtlmOverHttp}
        onChange={(isNtlmOverHttp) => change({ isNtlmOverHttp })}
      />
      {draft.isNtlmOverHttp && (
        <p className="m-0 mt-1 flex max-w-prose items-start gap-2 text-changed">
          <Icon name="warning" className="mt-0.5" />
          <span>{t('ntlmOverHttpWarning')}</span>
        </p>
      )}
    </div>
  );
}
