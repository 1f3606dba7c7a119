// Drafts a maintenance window, or changes one: when, how long, how it repeats, and what it mutes.
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { PickMany } from '#console/web/src/form/pick-many.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { ZoneField } from '#console/web/src/sites/zone-field.tsx';
import { timeZone } from '#console/web/src/text/time.ts';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import { CustomerField } from './customer-field.tsx';
import { isLayer, usePolicyParts, useStalePolicies, type WindowPart } from './policy-data.ts';
import { EVERY_CUSTOMER, savePart } from './save-part.ts';
import { t } from './text.ts';
import { faultsOf, formOf, REPEATS, WINDOW_FIELDS, type WindowForm, wishOf } from './window-form.ts';

/** Mount it to open it; without a part it makes one. */
export function WindowSheet({ part, onClose }: { part?: WindowPart | undefined; onClose: () => void }) {
  const stale = useStalePolicies();
  const form = useForm<WindowForm, string>({
    initial: formOf(part?.body, { customer: EVERY_CUSTOMER, zone: timeZone }),
    fields: WINDOW_FIELDS,
    check: (draft) => Object.fromEntries(Object.entries(faultsOf(draft)).map(([field, text]) => [field, t(text)])),
    save: (draft) => savePart(wishOf(draft), part, draft.customer),
    onSaved: (_id, draft) => {
      toast.say(t('saved', { name: draft.name }));
      void stale();
      onClose();
    },
  });
  const { draft, change, fault, isBusy, submit } = form;
  return (
    <Sheet
      isOpen
      title={part === undefined ? t('newWindow') : inert(part.body.name)}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t(part === undefined ? 'add' : 'save')} isBusy={isBusy} onClose={onClose} />}
    >
      {part === undefined && <CustomerField value={draft.customer} onChoose={(customer) => change({ customer })} />}
      <When {...form} />
      <About {...form} />
      <FormFault text={fault} />
    </Sheet>
  );
}

function When({ draft, change, errorOf }: Form<WindowForm>) {
  return (
    <>
      <TextField
        label={t('name')}
        value={draft.name}
        maxLength={120}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      <TextField
        label={t('startsAt')}
        hint={t('startsAtHint')}
        value={draft.startsAt}
        maxLength={16}
        error={errorOf('startsAt')}
        onText={(startsAt) => change({ startsAt })}
      />
      <ZoneField zone={draft.zone} error={errorOf('zone')} onChoose={(zone) => change({ zone })} />
      <TextField
        label={t('lastsMinutes')}
        inputMode="numeric"
        value={draft.minutes}
        error={errorOf('minutes')}
        onText={(minutes) => change({ minutes })}
      />
      <Select
        label={t('repeats')}
        options={REPEATS.map((value) => ({ value, label: t(`repeat_${value}`) }))}
        value={draft.repeat}
        onChoose={(repeat) => change({ repeat })}
      />
      {draft.repeat === 'own' && (
        <TextField
          label={t('rule')}
          hint={t('ruleHint')}
          isCode
          maxLength={300}
          value={draft.rule}
          error={errorOf('rule')}
          onText={(rule) => change({ rule })}
        />
      )}
    </>
  );
}

function About({ draft, change, errorOf }: Form<WindowForm>) {
  const sites = useSites().data ?? [];
  const layers = (usePolicyParts().data ?? []).filter(isLayer).filter(({ isRemoved }) => !isRemoved);
  return (
    <>
      <p className="m-0 text-muted">{t('windowAll')}</p>
      <PickMany
        label={t('windowSites')}
        options={sites.map(({ id, name }) => ({ value: id, label: name }))}
        chosen={draft.sites}
        onChange={(chosen) => change({ sites: chosen })}
      />
      {layers.length > 0 && (
        <PickMany
          label={t('windowLayers')}
          options={layers.map(({ body }) => ({ value: body.id, label: inert(body.name) }))}
          chosen={draft.layers}
          onChange={(chosen) => change({ layers: chosen })}
        />
      )}
      <TextField
        label={t('windowChecks')}
        hint={t('windowChecksHint')}
        isCode
        value={draft.checks}
        error={errorOf('checks')}
        onText={(checks) => change({ checks })}
      />
    </>
  );
}
