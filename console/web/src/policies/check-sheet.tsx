// One check in a form: what it looks at, its limits, how long; with a look at what it would have found.
import { useState } from 'react';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import type { Check } from '#shared/model/check.ts';
import {
  AGES,
  CHECK_KINDS,
  type CheckFault,
  type CheckForm,
  checkOf,
  EMPTY_CHECK,
  faultsOf,
  formOf,
  has,
  TYPES,
} from './check-form.ts';
import { conditionText, severityText } from './check-words.ts';
import { CheckPreviewPart } from './preview-part.tsx';
import { t } from './text.ts';

interface CheckSheetProps {
  /** Absent: a new one. */
  check: Check | undefined;
  onTake: (check: Check) => void;
  onClose: () => void;
}

/** Mount it to open it. What is taken over stands in the form of its layer, and is drafted with that. */
export function CheckSheet({ check, onTake, onClose }: CheckSheetProps) {
  const [form, setForm] = useState(() => (check === undefined ? EMPTY_CHECK : formOf(check)));
  const [isTried, setIsTried] = useState(false);
  const faults = isTried ? faultsOf(form) : {};
  const change = (patch: Partial<CheckForm>) => setForm((former) => ({ ...former, ...patch }));
  const errorOf: ErrorOf = (field) => {
    const fault: CheckFault | undefined = faults[field];
    return fault === undefined ? '' : t(fault);
  };
  const take = () => {
    setIsTried(true);
    const made = checkOf(form);
    if (made !== undefined) onTake(made);
  };
  return (
    <Sheet
      isOpen
      title={check === undefined ? t('newCheck') : t('checkTitle', { name: inert(check.name) })}
      onClose={onClose}
      onSubmit={take}
      footer={<SaveFooter verb={t('take')} isBusy={false} onClose={onClose} />}
    >
      <About {...{ form, change, errorOf }} isNew={check === undefined} />
      {form.kind === 'compound' && form.former !== undefined && <p className="m-0">{conditionText(form.former)}</p>}
      <Looks {...{ form, change, errorOf }} />
      <Bounds {...{ form, change, errorOf }} />
      <TextField
        label={t('fits')}
        hint={t('fitsHint')}
        isCode
        maxLength={500}
        value={form.fits}
        onText={(fits) => change({ fits })}
      />
      <TextArea label={t('advice')} maxLength={1_000} value={form.advice} onText={(advice) => change({ advice })} />
      <CheckPreviewPart check={checkOf(form)} />
    </Sheet>
  );
}

type ErrorOf = (field: keyof CheckForm) => string;
interface PartProps {
  form: CheckForm;
  change: (patch: Partial<CheckForm>) => void;
  errorOf: ErrorOf;
}

function About({ form, change, errorOf, isNew }: PartProps & { isNew: boolean }) {
  return (
    <>
      <TextField
        label={t('name')}
        maxLength={120}
        value={form.name}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      {isNew && (
        <>
          <TextField
            label={t('checkId')}
            hint={t('checkIdHint')}
            isCode
            value={form.id}
            error={errorOf('id')}
            onText={(id) => change({ id })}
          />
          <Select
            label={t('kind')}
            options={CHECK_KINDS.map((value) => ({ value, label: t(`kind_${value}`) }))}
            value={form.kind === 'compound' ? '' : form.kind}
            onChoose={(kind) => change({ kind })}
          />
          <Select
            label={t('type')}
            options={TYPES.map((value) => ({ value, label: t(`type_${value}`) }))}
            value={form.type}
            onChoose={(type) => change({ type })}
          />
        </>
      )}
      <Checkbox label={t('isOn')} isOn={form.isOn} onChange={(isOn) => change({ isOn })} />
    </>
  );
}

/** What it reads. */
function Looks({ form, change, errorOf }: PartProps) {
  const { kind } = form;
  const words = (
    field: 'series' | 'instance' | 'states' | 'log' | 'source' | 'codes' | 'words',
    label: string,
    hint?: string,
  ) => (
    <TextField
      label={label}
      hint={hint}
      isCode
      maxLength={255}
      value={form[field]}
      error={errorOf(field)}
      onText={(text) => change({ [field]: text })}
    />
  );
  return (
    <>
      {has.series(kind) &&
        (kind === 'state' ? words('series', t('stateOf')) : words('series', t('series'), t('seriesHint')))}
      {kind === 'state' && words('states', t('stateIs'), t('stateIsHint'))}
      {kind === 'age' && (
        <Select
          label={t('ageOf')}
          options={AGES.map((value) => ({ value, label: value }))}
          value={form.age}
          onChoose={(age) => change({ age })}
        />
      )}
      {kind !== 'events' && kind !== 'compound' && words('instance', t('instance'), t('instanceHint'))}
      {kind === 'events' && (
        <>
          {words('log', t('log'))}
          {words('source', t('source'))}
          {words('codes', t('codes'), t('codesHint'))}
          {words('words', t('words'))}
        </>
      )}
    </>
  );
}

/** How much, how long, how bad. */
function Bounds({ form, change, errorOf }: PartProps) {
  const { kind } = form;
  const number = (field: 'forMinutes' | 'withinMinutes' | 'margin', label: string) => (
    <TextField
      label={label}
      inputMode="decimal"
      maxLength={20}
      value={form[field]}
      error={errorOf(field)}
      onText={(text) => change({ [field]: text })}
    />
  );
  return (
    <>
      {has.limits(kind) && kind !== 'events' && (
        <Select
          label={t('direction')}
          options={[
            { value: 'above', label: t('above') },
            { value: 'below', label: t('below') },
          ]}
          value={form.isAbove ? 'above' : 'below'}
          onChoose={(way) => change({ isAbove: way === 'above' })}
        />
      )}
      {has.limits(kind) && (
        <div className="grid grid-cols-2 gap-2">
          {SEVERITIES.map((severity, at) => (
            <TextField
              key={severity}
              label={t(kind === 'age' ? 'limitDays' : 'limit', { severity: severityText(severity) })}
              inputMode="decimal"
              maxLength={20}
              value={form.limits[severity]}
              error={at === 0 ? errorOf('limits') : ''}
              onText={(text) => change({ limits: { ...form.limits, [severity]: text } })}
            />
          ))}
        </div>
      )}
      {!has.limits(kind) && (
        <Select
          label={t('severity')}
          options={SEVERITIES.map((value) => ({ value, label: severityText(value) }))}
          value={form.severity}
          onChoose={(severity) => change({ severity })}
        />
      )}
      {has.held(kind) && number('forMinutes', t('forMinutes'))}
      {has.span(kind) && number('withinMinutes', t('withinMinutes'))}
      {has.margin(kind) && number('margin', t('margin'))}
    </>
  );
}
