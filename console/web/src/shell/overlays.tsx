// The frame's own dialogs, one at most.
import { Palette } from '#console/web/src/palette/palette.tsx';
import { Drawer } from './drawer.tsx';
import { KeySheet } from './key-sheet.tsx';
import { showOverlay, useOverlay } from './overlay.ts';

export function Overlays() {
  const open = useOverlay();
  const close = () => showOverlay(undefined);
  return (
    <>
      <KeySheet isOpen={open === 'keys'} onClose={close} />
      <Drawer isOpen={open === 'drawer'} onClose={close} />
      {open === 'palette' && <Palette onClose={close} />}
    </>
  );
}
