// Takes what is shown along as a file.
import { Menu } from '#console/web/src/ui/menu.tsx';
import { type FileFormat, fileText, type ShownFile } from './shown-file.ts';
import { t } from './text.ts';

const TYPES: Readonly<Record<FileFormat, string>> = { csv: 'text/csv', json: 'application/json' };

function save(file: ShownFile, format: FileFormat): void {
  const url = URL.createObjectURL(new Blob([fileText(file, format)], { type: TYPES[format] }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${file.name}.${format}`;
  link.click();
  // The browser has taken it once the press is over.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

export const ExportMenu = ({ file }: { file: () => ShownFile }) => (
  <Menu
    button={{ text: t('export'), icon: 'download', isSmall: true }}
    isAtEnd
    items={[
      { key: 'csv', text: t('exportCsv'), onSelect: () => save(file(), 'csv') },
      { key: 'json', text: t('exportJson'), onSelect: () => save(file(), 'json') },
    ]}
  />
);
