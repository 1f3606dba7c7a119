// Devices as a file: the browser fetches it itself, with the session's cookie, as any download.
import { useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { EXPORTABLE_IDS, exportPath } from './export-path.ts';
import { t } from './text.ts';
import type { VerbDialogProps } from './verb-dialog.tsx';
import { titleFor } from './verb-title.ts';

const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'XLSX' },
  { value: 'json', label: 'JSON' },
] as const;
type Format = (typeof FORMATS)[number]['value'];

export function ExportDialog({ asked: { devices, onDone }, onClose }: VerbDialogProps) {
  const [format, setFormat] = useState<Format>('csv');
  const path = exportPath(devices, format);
  const download = () => {
    if (path === undefined) return;
    const link = document.createElement('a');
    link.href = path;
    link.download = '';
    link.click();
    onClose();
    onDone?.();
  };
  return (
    <Dialog
      isOpen
      size="small"
      title={titleFor('exports.devices', devices)}
      onClose={onClose}
      onSubmit={download}
      footer={
        <Button kind="primary" type="submit" icon="download" disabled={path === undefined}>
          {t('download')}
        </Button>
      }
    >
      <Select
        label={t('format')}
        hint={t('exportHint')}
        error={path === undefined ? t('exportTooMany', { count: EXPORTABLE_IDS }) : ''}
        value={format}
        options={FORMATS}
        onChoose={setFormat}
      />
    </Dialog>
  );
}
