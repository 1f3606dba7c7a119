// Takes what is shown along as a file, or every value behind it, which the console writes as it reads.
import { consoleNow } from '#console/web/src/live/now.ts';
import { partOf } from '#console/web/src/span/spans.ts';
import { Menu } from '#console/web/src/ui/menu.tsx';
import type { Explorer } from './explorer.ts';
import { type FileFormat, fileText, type ShownFile, wholePath } from './shown-file.ts';
import { t } from './text.ts';

const TYPES: Readonly<Record<FileFormat, string>> = { csv: 'text/csv', json: 'application/json' };

function download(href: string, name: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  link.click();
}

function saveShown(file: ShownFile, format: FileFormat): void {
  const url = URL.createObjectURL(new Blob([fileText(file, format)], { type: TYPES[format] }));
  download(url, `${file.name}.${format}`);
  // The browser has taken it once the press is over.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

interface ExportMenuProps {
  explorer: Explorer;
  /** What is shown. */
  file: () => ShownFile;
}

export function ExportMenu({ explorer: { metric, view, ids, over, time }, file }: ExportMenuProps) {
  const saveAll = (format: FileFormat) => {
    const devices = view === 'devices' ? ids : [];
    const part = partOf(time.window, consoleNow());
    download(wholePath({ metric, devices, over, ...part }, format), `${metric}.${format}`);
  };
  return (
    <Menu
      button={{ text: t('export'), icon: 'download', isSmall: true }}
      isAtEnd
      items={[
        { key: 'csv', text: t('exportCsv'), onSelect: () => saveShown(file(), 'csv') },
        { key: 'json', text: t('exportJson'), onSelect: () => saveShown(file(), 'json') },
        { key: 'all-csv', text: t('exportAllCsv'), isFirstOfGroup: true, onSelect: () => saveAll('csv') },
        { key: 'all-json', text: t('exportAllJson'), onSelect: () => saveAll('json') },
      ]}
    />
  );
}
