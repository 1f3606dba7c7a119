// Import and export of what a page shows, behind one button.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Menu } from '#console/web/src/ui/menu.tsx';
import type { ImportKind } from '#shared/contract/import-contract.ts';
import { ExportDialog } from './export-dialog.tsx';
import { t } from './text.ts';

interface TransferMenuProps {
  kind: ImportKind;
  /** Import within this site, and what is exported of it. */
  site?: { id: string; filter: string };
}

export function TransferMenu({ kind, site }: TransferMenuProps) {
  const navigate = useNavigate();
  const [isExporting, setIsExporting] = useState(false);
  const search = { ...(kind === 'sites' && { kind }), ...(site !== undefined && { site: site.id }) };
  return (
    <>
      <Menu
        button={{ text: t('files'), isSmall: site !== undefined }}
        isAtEnd
        items={[
          {
            key: 'import',
            text: t(kind === 'sites' ? 'importSites' : 'importDevices'),
            icon: 'upload',
            needs: 'device.import',
            onSelect: () => void navigate({ to: '/import', search }),
          },
          {
            key: 'export',
            text: t(kind === 'sites' ? 'exportSites' : 'exportDevices'),
            icon: 'download',
            needs: 'device.export',
            onSelect: () => setIsExporting(true),
          },
        ]}
      />
      {isExporting && (
        <ExportDialog kind={kind} {...(site && { filter: site.filter })} onClose={() => setIsExporting(false)} />
      )}
    </>
  );
}
