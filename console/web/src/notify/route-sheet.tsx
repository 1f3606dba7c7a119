// Makes a route, or changes one: which incidents, whom, when.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { Checkbox } from '#console/web/src/ui/tick.tsx';
import { MatchFields } from './match-fields.tsx';
import type { Route } from './notify-data.ts';
import type { Names } from './notify-words.ts';
import { draftOf, faultsOf, type RouteDraft, wishOf } from './route-draft.ts';
import { TargetsField } from './targets-field.tsx';
import { t } from './text.ts';
import { useKeptForm } from './use-kept-form.ts';

/** A select has no empty value of its own. */
const NONE = 'none';
const FAULTS = {
  name: 'nameMissing',
  targets: 'targetsMissing',
  delay: 'wholeMinutes',
  repeat: 'wholeMinutes',
  digest: 'wholeMinutes',
  hours: 'hoursMissing',
} as const;

interface SheetProps {
  route: Route | undefined;
  routes: readonly Route[];
  names: Names;
  onClose: () => void;
}

export function RouteSheet({ route, routes, names, onClose }: SheetProps) {
  const form = useKeptForm<RouteDraft, ReturnType<typeof wishOf>>({
    initial: draftOf(route, routes),
    fields: ['name', 'targets', 'escalation', 'delay', 'repeat', 'digest', 'hours', 'match', 'place'],
    check: (draft) => Object.fromEntries(faultsOf(draft).map((field) => [field, t(FAULTS[field])])),
    toWish: wishOf,
    save: (value) => (route === undefined ? api.routes.create(value) : api.routes.update({ id: route.id, value })),
    onClose,
  });
  const { draft, change, errorOf, fault, isBusy, submit } = form;
  return (
    <Sheet
      isOpen
      title={route === undefined ? t('add_routes') : t('editOf', { name: route.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      <MatchFields draft={draft} errorOf={errorOf} onChange={change} />
      <TargetsField
        label={t('tells')}
        targets={draft.targets}
        error={errorOf('targets')}
        onChange={(targets) => change({ targets })}
      />
      <Select
        label={t('escalation')}
        hint={t('escalationHint')}
        options={[
          { value: NONE, label: t('noEscalation') },
          ...names.escalations.map(({ id, name }) => ({ value: id as string, label: name })),
        ]}
        value={draft.escalation === '' ? NONE : draft.escalation}
        error={errorOf('escalation')}
        onChoose={(id) => change({ escalation: id === NONE ? '' : id })}
      />
      <Times draft={draft} errorOf={errorOf} onChange={change} />
      <Checkbox
        label={t('tellsResolved')}
        isOn={draft.tellsResolved}
        onChange={(tellsResolved) => change({ tellsResolved })}
      />
      <Checkbox label={t('isLast')} isOn={draft.isLast} onChange={(isLast) => change({ isLast })} />
      <Checkbox label={t('isOn')} isOn={draft.isOn} onChange={(isOn) => change({ isOn })} />
      <FormFault text={fault} />
    </Sheet>
  );
}

export interface RoutePartProps {
  draft: RouteDraft;
  errorOf: (field: string) => string;
  onChange: (patch: Partial<RouteDraft>) => void;
}

function Times({ draft, errorOf, onChange }: RoutePartProps) {
  return (
    <>
      {(['delay', 'repeat', 'digest'] as const).map((field) => (
        <TextField
          key={field}
          label={t(`field_${field}`)}
          hint={t(`hint_${field}`)}
          inputMode="numeric"
          value={draft[field]}
          error={errorOf(field)}
          onText={(text) => onChange({ [field]: text })}
        />
      ))}
    </>
  );
}
