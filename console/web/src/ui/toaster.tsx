// Shows the notes in a corner: three at most, read out politely, waiting while one looks at them. The shell has it once.
import { useEffect, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { Button, IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { t } from './text.ts';
import { toast } from './toast.ts';
import { type Toast, VISIBLE } from './toast-queue.ts';
import { useTopLayer } from './top-layer.ts';

export function Toaster() {
  const toasts = useSyncExternalStore(toast.queue.subscribe, toast.queue.all);
  const [isHeld, setIsHeld] = useState(false);
  const seen = toasts.slice(0, VISIBLE);
  // Below an open dialog nothing can be pressed or heard, so the notes move into it.
  return createPortal(
    <section
      aria-label={t('notes')}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={() => setIsHeld(true)}
      onBlur={() => setIsHeld(false)}
    >
      {/* The live region is there before its first word, or that one would not be read out. */}
      <ul className="toasts" aria-live="polite">
        {seen.map((one) => (
          <Note key={one.id} note={one} isHeld={isHeld} />
        ))}
      </ul>
    </section>,
    useTopLayer(),
  );
}

function Note({ note, isHeld }: { note: Toast; isHeld: boolean }) {
  const { id, ms, kind, text, onUndo } = note;
  useEffect(() => {
    if (ms === undefined || isHeld) return;
    const timer = setTimeout(() => toast.queue.dismiss(id), ms);
    return () => clearTimeout(timer);
  }, [id, ms, isHeld]);
  const undo = () => {
    toast.queue.dismiss(id);
    onUndo?.();
  };
  return (
    <li className={`toast ${kind === 'fault' ? 'toast-fault' : ''}`}>
      {kind === 'fault' && <Icon name="warning" className="text-down" />}
      <p>{text}</p>
      {onUndo !== undefined && (
        <Button isSmall onClick={undo}>
          {t('undo')}
        </Button>
      )}
      <IconButton icon="close" isSmall label={t('dismiss')} onClick={() => toast.queue.dismiss(id)} />
    </li>
  );
}
