// Takes devices or sites along as a file that can be imported again.
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { faultText } from '#console/web/src/api/fault.ts';
import { FilterField } from '#console/web/src/fleet/filter-field.tsx';
import { readFilter } from '#console/web/src/fleet/filter-text.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { useFitting } from '#console/web/src/groups/use-fitting.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import type { FileFormat, ImportKind } from '#shared/contract/import-contract.ts';
import { saveFile } from './file-text.ts';
import { t } from './text.ts';

interface ExportDialogProps {
  kind: ImportKind;
  /** The fleet's filter to begin with. */
  filter?: string;
  onClose: () => void;
}

/** Mount it to open it. */
export function ExportDialog({ kind, filter = '', onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<FileFormat>('csv');
  const [q, setQ] = useState(filter);
  const parsed = readFilter(q);
  const exporting = useMutation({
    mutationFn: (): Promise<Blob> =>
      kind === 'sites'
        ? api.exports.sites({ format })
        : api.exports.devices({ format, ...(q.trim() !== '' && { q: q.trim() }) }),
    onSuccess: (file) => {
      toast.say(t('exported', { file: saveFile(file, `${kind}.${format}`) }));
      onClose();
    },
  });
  const run = () => {
    if (parsed.ok) exporting.mutate();
  };
  return (
    <Dialog
      isOpen
      size="small"
      title={t(kind === 'sites' ? 'exportSites' : 'exportDevices')}
      onClose={onClose}
      onSubmit={run}
      isHeld={exporting.isPending}
      footer={
        <>
          <Button onClick={onClose} disabled={exporting.isPending}>
            {t('cancel')}
          </Button>
          <Button kind="primary" type="submit" isBusy={exporting.isPending} disabled={!parsed.ok}>
            {t('export')}
          </Button>
        </>
      }
    >
      <RadioGroup
        label={t('format')}
        options={[
          { value: 'csv', label: 'CSV', hint: t('csvHint') },
          { value: 'xlsx', label: 'XLSX', hint: t('xlsxHint') },
          { value: 'json', label: 'JSON', hint: t('jsonHint') },
        ]}
        value={format}
        onChoose={setFormat}
      />
      {kind === 'devices' && <Which q={q} onChange={setQ} onSubmit={run} />}
      <FormFault text={exporting.error === null ? '' : faultText(exporting.error)} />
    </Dialog>
  );
}

function Which({ q, onChange, onSubmit }: { q: string; onChange: (q: string) => void; onSubmit: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const parsed = readFilter(q);
  const fitting = useFitting(q, parsed.ok);
  return (
    <div className="field-row">
      <span className="field-label">{t('which')}</span>
      <FilterField
        state={{ text: q, type: onChange, put: onChange }}
        fault={parsed.ok ? undefined : parsed}
        field={field}
        label={t('which')}
        onDone={onSubmit}
      />
      <p className="field-hint" aria-live="polite">
        {q.trim() === '' ? t('allDevices') : fitting === undefined ? '' : t('fitting', { count: fitting })}
      </p>
    </div>
  );
}
