// What a person fills in for an order: what is to be done, why, and how long it may take.

import { duration } from '#console/web/src/text/format.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { ActionForm } from './action-form.tsx';
import { emptyOf, faultOf, ORDERABLE_NAMES, type Ordered, usualTimeoutMs } from './orderable.ts';
import { t } from './text.ts';

const MINUTE_MS = 60_000;
/** From a quick look to an upgrade of packages. */
const TIMEOUTS = [MINUTE_MS / 2, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];
/** From "now or never" to a day, after which a forgotten order dies in any case. */
const VALID = [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 24 * 60 * MINUTE_MS];

export const EMPTY_ORDER: Ordered = {
  action: emptyOf('command.run'),
  reason: '',
  timeoutMs: usualTimeoutMs('command.run'),
  // A device that is off in the evening is on again the next day.
  validForMs: 24 * 60 * MINUTE_MS,
};

interface FormProps {
  form: Ordered;
  onChange: (patch: Partial<Ordered>) => void;
  isTried: boolean;
  isBusy: boolean;
  onPreview: () => void;
}

export function OrderDraftForm({ form, onChange, isTried, isBusy, onPreview }: FormProps) {
  const fault = isTried ? faultOf(form.action) : undefined;
  return (
    <form
      noValidate
      className="grid max-w-3xl gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onPreview();
      }}
    >
      <ActionForm
        names={ORDERABLE_NAMES}
        action={form.action}
        fault={fault}
        onChange={(action) =>
          onChange({ action, ...(action.name === form.action.name ? {} : { timeoutMs: usualTimeoutMs(action.name) }) })
        }
      />
      <TextField
        label={t('reason')}
        hint={t('reasonHint')}
        value={form.reason}
        maxLength={500}
        onText={(reason) => onChange({ reason })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <Times
          label={t('timeout')}
          values={TIMEOUTS}
          value={form.timeoutMs}
          onChoose={(timeoutMs) => onChange({ timeoutMs })}
        />
        <Times
          label={t('validFor')}
          values={VALID}
          value={form.validForMs}
          onChoose={(validForMs) => onChange({ validForMs })}
        />
      </div>
      <div className="grid gap-3 sm:grid-cols-2">
        <Care
          label={t('canary')}
          hint={t('canaryHint')}
          values={[1, 2, 5, 10, 25]}
          value={form.canary}
          textOf={(count) => t('canaryOf', { count })}
          onChoose={(canary) => onChange({ canary })}
        />
        <Care
          label={t('haltAt')}
          hint={t('haltHint')}
          values={[0, 5, 10, 20, 50]}
          value={form.haltPercent}
          textOf={(count) => t('haltOf', { percent: count })}
          onChoose={(haltPercent) => onChange({ haltPercent })}
        />
      </div>
      <div className="order-buttons">
        <Button type="submit" kind="primary" isBusy={isBusy}>
          {t('preview')}
        </Button>
      </div>
    </form>
  );
}

interface CareProps {
  label: string;
  hint: string;
  values: readonly number[];
  value: number | undefined;
  textOf: (count: number) => string;
  onChoose: (count: number | undefined) => void;
}

/** More care than the charter asks for; a value of an order that is signed anew stands among the usual ones. */
function Care({ label, hint, values, value, textOf, onChoose }: CareProps) {
  const all = [...new Set([...values, ...(value === undefined ? [] : [value])])].sort((a, b) => a - b);
  return (
    <Select
      label={label}
      hint={hint}
      options={[
        { value: 'charter', label: t('asCharter') },
        ...all.map((one) => ({ value: String(one), label: textOf(one) })),
      ]}
      value={value === undefined ? 'charter' : String(value)}
      onChoose={(chosen) => onChoose(chosen === 'charter' ? undefined : Number(chosen))}
    />
  );
}

interface TimesProps {
  label: string;
  values: readonly number[];
  value: number;
  onChoose: (ms: number) => void;
}

const Times = ({ label, values, value, onChoose }: TimesProps) => (
  <Select
    label={label}
    // What is usual for an action, or was of an order before, stands among the others.
    options={[...new Set([...values, value])]
      .sort((a, b) => a - b)
      .map((ms) => ({ value: String(ms), label: duration(ms) }))}
    value={String(value)}
    onChoose={(chosen) => onChoose(Number(chosen))}
  />
);
