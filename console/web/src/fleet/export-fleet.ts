// A file of devices for a spreadsheet: what is shown, made by the console.
import { useMutation } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { toast } from '#console/web/src/ui/toast.ts';
import type { Filter } from '#shared/base/filter/filter.ts';
import type { ColumnKey } from './column-list.ts';
import { filterText } from './filter-text.ts';
import { t } from './text.ts';

export interface ExportAsk {
  format: 'csv' | 'xlsx';
  columns: readonly ColumnKey[];
  filter: Filter;
}

async function download({ format, columns, filter }: ExportAsk): Promise<string> {
  const q = filterText(filter);
  const file = await api.exports.devices({ format, columns: columns.join(','), ...(q === '' ? {} : { q }) });
  const name = 'name' in file && typeof file.name === 'string' && file.name !== '' ? file.name : `devices.${format}`;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it once the press is over.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
  return name;
}

export const useExport = () =>
  useMutation({
    mutationFn: download,
    onSuccess: (file) => toast.say(t('exportDone', { file })),
    onError: (error) => toast.fault(error, t('exportFault')),
  });
