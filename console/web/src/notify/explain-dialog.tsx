// Whom an incident would be told that does not exist: the routes are asked, and nobody is told.
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { TagsField } from '#console/web/src/form/tags-field.tsx';
import { typeText } from '#console/web/src/incidents/incident-words.ts';
import { severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { useSites } from '#console/web/src/shell/estate-scope.ts';
import { localTime } from '#console/web/src/text/local-time.ts';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { ALERT_TYPES, type AlertType, SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import { t } from './text.ts';
import { VerdictList } from './verdict-list.tsx';

interface Ask {
  siteId: string;
  severity: Severity;
  type: AlertType;
  check: string;
  tags: string[];
  /** As the browser's field has it; empty: now. */
  at: string;
}

export function ExplainDialog({ onClose }: { onClose: () => void }) {
  const sites = useSites().data ?? [];
  const [draft, setDraft] = useState<Ask>(EMPTY);
  const siteId = draft.siteId === '' ? (sites[0]?.id ?? '') : draft.siteId;
  const asking = useMutation({
    mutationFn: async () => {
      const at = localTime(draft.at);
      const { severity, type, check, tags } = draft;
      return (await api.routes.explain({ siteId, severity, type, check, tags, ...(at === undefined ? {} : { at }) }))
        .items;
    },
  });
  const change = (patch: Partial<Ask>) => setDraft({ ...draft, ...patch });
  return (
    <Dialog
      isOpen
      title={t('explain')}
      onClose={onClose}
      onSubmit={() => asking.mutate()}
      footer={<SaveFooter verb={t('ask')} isBusy={asking.isPending} isIdle={siteId === ''} onClose={onClose} />}
    >
      <p>{t('explainBody')}</p>
      <Select
        label={t('site')}
        options={sites.map(({ id, name }) => ({ value: id as string, label: name }))}
        value={siteId}
        onChoose={(next) => change({ siteId: next })}
      />
      <Words draft={draft} onChange={change} />
      <TextField
        label={t('at')}
        hint={t('atHint')}
        type="datetime-local"
        value={draft.at}
        onText={(at) => change({ at })}
      />
      <FormFault text={asking.error === null ? '' : faultText(asking.error)} />
      {asking.data !== undefined && <VerdictList verdicts={asking.data} hasTimes={false} />}
    </Dialog>
  );
}

const EMPTY: Ask = { siteId: '', severity: 'critical', type: 'availability', check: 'device.down', tags: [], at: '' };

function Words({ draft, onChange }: { draft: Ask; onChange: (patch: Partial<Ask>) => void }) {
  return (
    <>
      <Select
        label={t('severity')}
        options={SEVERITIES.map((severity) => ({ value: severity, label: severityText(severity) }))}
        value={draft.severity}
        onChoose={(severity) => onChange({ severity })}
      />
      <Select
        label={t('type')}
        options={ALERT_TYPES.map((type) => ({ value: type, label: typeText(type) }))}
        value={draft.type}
        onChoose={(type) => onChange({ type })}
      />
      <TextField
        label={t('check')}
        isCode
        value={draft.check}
        autoCapitalize="off"
        onText={(check) => onChange({ check })}
      />
      <TagsField label={t('tags')} tags={draft.tags} onChange={(tags) => onChange({ tags })} />
    </>
  );
}
