// Makes an escalation, or changes one: its tiers, their times, and the hours in which those count.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { HoursField } from '#console/web/src/people/hours-field.tsx';
import { Button, IconButton } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { SEVERITIES } from '#shared/model/alert-words.ts';
import { draftOf, type EscalationDraft, faultsOf, nextTier, type TierDraft, wishOf } from './escalation-draft.ts';
import type { Escalation } from './notify-data.ts';
import { TargetsField } from './targets-field.tsx';
import { t } from './text.ts';
import { useKeptForm } from './use-kept-form.ts';

/** As many as the console takes. */
const MAX_TIERS = 8;
const FAULTS = {
  name: 'nameMissing',
  order: 'tierOrder',
  tierName: 'nameMissing',
  tierTime: 'wholeMinutes',
  tierTargets: 'targetsMissing',
  hours: 'hoursMissing',
  holidays: 'datesRule',
} as const;
/** Each tier's fields are faults' places of their own. */
const TIER_FIELDS = Array.from({ length: MAX_TIERS }, (_, at) =>
  ['name', 'after', 'targets'].map((field) => `tiers.${at}.${field}`),
).flat();

export function EscalationSheet({ escalation, onClose }: { escalation: Escalation | undefined; onClose: () => void }) {
  const form = useKeptForm<EscalationDraft, ReturnType<typeof wishOf>>({
    initial: draftOf(escalation, t('firstTier')),
    fields: ['name', 'hours', 'holidays', 'anyTimeFrom', ...TIER_FIELDS],
    check: (draft) =>
      Object.fromEntries(Object.entries(faultsOf(draft)).map(([field, fault]) => [field, t(FAULTS[fault])])),
    toWish: wishOf,
    save: (value) =>
      escalation === undefined ? api.escalations.create(value) : api.escalations.update({ id: escalation.id, value }),
    onClose,
  });
  const { draft, change, errorOf, fault, isBusy, submit } = form;
  return (
    <Sheet
      isOpen
      title={escalation === undefined ? t('add_escalations') : t('editOf', { name: escalation.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      <Tiers tiers={draft.tiers} errorOf={errorOf} onChange={(tiers) => change({ tiers })} />
      <HoursField draft={draft} label={t('countHours')} error={errorOf('hours')} onChange={change} />
      {draft.hasHours && (
        <>
          <TextArea
            label={t('holidays')}
            hint={t('holidaysHint')}
            isCode
            value={draft.holidays}
            error={errorOf('holidays')}
            onText={(holidays) => change({ holidays })}
          />
          <Select
            label={t('anyTimeFrom')}
            options={SEVERITIES.map((severity) => ({ value: severity, label: severityText(severity) }))}
            value={draft.anyTimeFrom}
            onChoose={(anyTimeFrom) => change({ anyTimeFrom })}
          />
        </>
      )}
      <FormFault text={fault} />
    </Sheet>
  );
}

interface TiersProps {
  tiers: readonly TierDraft[];
  errorOf: (field: string) => string;
  onChange: (tiers: TierDraft[]) => void;
}

function Tiers({ tiers, errorOf, onChange }: TiersProps) {
  const put = (at: number, patch: Partial<TierDraft>) =>
    onChange(tiers.map((tier, place) => (place === at ? { ...tier, ...patch } : tier)));
  return (
    <>
      {tiers.map((tier, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is what a tier is known by
        <fieldset key={at} className="notify-tier">
          <legend className="field-label">{t('tier', { number: at + 1 })}</legend>
          <div className="flex items-start gap-2">
            <TextField
              label={t('name')}
              value={tier.name}
              error={errorOf(`tiers.${at}.name`)}
              onText={(name) => put(at, { name })}
            />
            <TextField
              label={t('afterMinutes')}
              inputMode="numeric"
              value={tier.after}
              error={errorOf(`tiers.${at}.after`)}
              onText={(after) => put(at, { after })}
            />
            {tiers.length > 1 && (
              <IconButton
                isSmall
                icon="trash"
                label={t('dropTier', { number: at + 1 })}
                onClick={() => onChange(tiers.filter((_, place) => place !== at))}
              />
            )}
          </div>
          <TargetsField
            label={t('tells')}
            targets={tier.targets}
            error={errorOf(`tiers.${at}.targets`)}
            onChange={(targets) => put(at, { targets })}
          />
        </fieldset>
      ))}
      {tiers.length < MAX_TIERS && (
        <div>
          <Button
            isSmall
            icon="plus"
            onClick={() => onChange([...tiers, nextTier(tiers, t('tier', { number: tiers.length + 1 }))])}
          >
            {t('addTier')}
          </Button>
        </div>
      )}
    </>
  );
}
