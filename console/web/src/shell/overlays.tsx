// The frame's dialogs; the palette comes in a file of its own, when it is first asked for.
import { lazy, Suspense } from 'react';
import { Drawer } from './drawer.tsx';
import { KeySheet } from './key-sheet.tsx';
import { showOverlay, useOverlay } from './overlay.ts';

const Palette = lazy(async () => ({ default: (await import('#console/web/src/palette/palette.tsx')).Palette }));

export function Overlays() {
  const open = useOverlay();
  const close = () => showOverlay(undefined);
  return (
    <>
      <KeySheet isOpen={open === 'keys'} onClose={close} />
      <Drawer isOpen={open === 'drawer'} onClose={close} />
      <Suspense>{open === 'palette' && <Palette onClose={close} />}</Suspense>
    </>
  );
}
