// The keys that work on every page: "g" and a letter to a page, "/" to search, "?" for the sheet.
import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Keys } from '#console/web/src/ui/key-registry.ts';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import { showOverlay } from './overlay.ts';
import { usePages } from './page-list.ts';
import { t } from './text.ts';

export function FrameKeys() {
  const pages = usePages();
  const navigate = useNavigate();
  const keys = useMemo<Keys>(
    () => ({
      'Mod+k': { run: () => showOverlay('palette'), what: t('keyPalette'), isEverywhere: true },
      '/': { run: () => showOverlay('palette'), what: t('keyPalette') },
      '?': { run: () => showOverlay('keys'), what: t('keySheet') },
      ...Object.fromEntries(
        pages.map(({ path, chord, title }) => [
          `g ${chord}`,
          { run: () => void navigate({ to: path }), what: t(title) },
        ]),
      ),
    }),
    [pages, navigate],
  );
  useKeys(keys, 'frame');
  return null;
}
