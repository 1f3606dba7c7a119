// The fields of a standing order: what, on which devices or by which rule, when, how often, how long.
import { useRelays } from '#console/web/src/fleet/relays.ts';
import { ActionForm } from '#console/web/src/orders/action-form.tsx';
import { duration } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { DAY_MS, type FormFaults, HOUR_MS, isStandable, STANDABLE_NAMES, type StandingForm } from './standing-form.ts';
import { t } from './text.ts';

const MINUTE_MS = 60_000;

interface FieldsProps {
  form: StandingForm;
  faults: FormFaults;
  /** Devices that were chosen before; without them there is a rule. */
  chosen: number;
  onChange: (patch: Partial<StandingForm>) => void;
}

export function StandingFields({
  isBusy,
  onPreview,
  ...props
}: FieldsProps & { isBusy: boolean; onPreview: () => void }) {
  const { form, faults, onChange } = props;
  return (
    <form
      noValidate
      className="grid max-w-3xl gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onPreview();
      }}
    >
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        error={said(faults.name)}
        maxLength={120}
        value={form.name}
        onText={(name) => onChange({ name })}
      />
      <ActionForm
        names={STANDABLE_NAMES}
        action={form.action}
        fault={faults.action}
        onChange={(action) => isStandable(action) && onChange({ action })}
      />
      <Reach {...props} />
      <Trigger {...props} />
      <Spans {...props} />
      <TextField
        label={t('reason')}
        hint={t('reasonHint')}
        value={form.reason}
        maxLength={500}
        onText={(reason) => onChange({ reason })}
      />
      <div className="order-buttons">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('preview')}
        </Button>
      </div>
    </form>
  );
}

type FaultKey = NonNullable<FormFaults['name' | 'relay' | 'atMost' | 'watched' | 'time']>;
const said = (fault: FaultKey | undefined): string => (fault === undefined ? '' : t(fault));

function Reach({ form, faults, chosen, onChange }: FieldsProps) {
  const relays = useRelays().data ?? [];
  return (
    <>
      {chosen > 0 && (
        <RadioGroup
          label={t('reach')}
          options={[
            { value: 'devices', label: t('reachDevices', { count: chosen }) },
            { value: 'rule', label: t('reachRule') },
          ]}
          value={form.reach}
          onChoose={(reach) => onChange({ reach })}
        />
      )}
      {form.reach === 'rule' && (
        <>
          <Select
            label={t('relay')}
            placeholder={t('chooseRelay')}
            error={said(faults.relay)}
            options={relays.map(({ id, name }) => ({ value: id, label: name }))}
            value={relays.some(({ id }) => id === form.relay) ? form.relay : ''}
            onChoose={(relay) => onChange({ relay })}
          />
          <TextField
            label={t('rule')}
            hint={t('ruleHint')}
            error={faults.rule ?? ''}
            isCode
            maxLength={500}
            autoCapitalize="none"
            value={form.rule}
            onText={(rule) => onChange({ rule })}
          />
          <TextField
            label={t('atMost')}
            hint={t('atMostHint')}
            error={said(faults.atMost)}
            inputMode="numeric"
            maxLength={4}
            value={form.atMost}
            onText={(atMost) => onChange({ atMost })}
          />
        </>
      )}
    </>
  );
}

const KINDS = [
  { value: 'device-returned', text: 'kindReturned' },
  { value: 'device-unreachable', text: 'kindUnreachable' },
  { value: 'interval', text: 'kindInterval' },
  { value: 'daily', text: 'kindDaily' },
] as const;

function Trigger({ form, faults, onChange }: FieldsProps) {
  return (
    <>
      <Select
        label={t('trigger')}
        options={KINDS.map(({ value, text }) => ({ value, label: t(text) }))}
        value={form.trigger}
        onChoose={(trigger) => onChange({ trigger })}
      />
      {form.trigger === 'device-returned' && (
        <Times
          label={t('stayed')}
          values={[0, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS]}
          value={form.afterMs}
          onChoose={(afterMs) => onChange({ afterMs })}
        />
      )}
      {form.trigger === 'device-unreachable' && (
        <>
          <TextField
            label={t('watched')}
            hint={t('watchedHint')}
            error={said(faults.watched)}
            maxLength={253}
            value={form.watched}
            onText={(watched) => onChange({ watched })}
          />
          <Times
            label={t('downFor')}
            values={[MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS]}
            value={form.forMs}
            onChoose={(forMs) => onChange({ forMs })}
          />
        </>
      )}
      {form.trigger === 'interval' && (
        <Times
          label={t('span')}
          values={[15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS]}
          value={form.everyMs}
          onChoose={(everyMs) => onChange({ everyMs })}
        />
      )}
      {form.trigger === 'daily' && (
        <TextField
          label={t('at')}
          error={said(faults.time)}
          maxLength={5}
          inputMode="numeric"
          value={form.time}
          onText={(time) => onChange({ time })}
        />
      )}
    </>
  );
}

function Spans({ form, onChange }: FieldsProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <Times
        label={t('rest')}
        values={[MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS]}
        value={form.restMs}
        onChoose={(restMs) => onChange({ restMs })}
      />
      <Times
        label={t('timeout')}
        values={[MINUTE_MS / 2, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS]}
        value={form.timeoutMs}
        onChoose={(timeoutMs) => onChange({ timeoutMs })}
      />
      <Times
        label={t('stands')}
        values={[7 * DAY_MS, 30 * DAY_MS, 90 * DAY_MS]}
        value={form.standsMs}
        onChoose={(standsMs) => onChange({ standsMs })}
      />
    </div>
  );
}

interface TimesProps {
  label: string;
  values: readonly number[];
  value: number;
  onChoose: (ms: number) => void;
}

const timeText = (ms: number): string => {
  if (ms === 0) return t('atOnce');
  return ms % DAY_MS === 0 ? t('days', { count: ms / DAY_MS }) : duration(ms);
};

/** A value of an order that is signed anew stands among the usual ones. */
function Times({ label, values, value, onChoose }: TimesProps) {
  const all = [...new Set([...values, value])].sort((a, b) => a - b);
  return (
    <Select
      label={label}
      options={all.map((ms) => ({ value: String(ms), label: timeText(ms) }))}
      value={String(value)}
      onChoose={(chosen) => onChoose(Number(chosen))}
    />
  );
}
