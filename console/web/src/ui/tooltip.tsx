// A hint beside what one points at or focuses: after a moment, gone by Escape, and it stays while one points at it.
import { type ReactNode, useEffect, useId, useRef } from 'react';

/** Shorter would flicker under a pointer that only passes. */
const DELAY_MS = 350;

interface TooltipProps {
  text: string;
  /** The hint repeats the name of what it stands at, and is not read out twice. */
  isName?: boolean;
  children: ReactNode;
}

export function Tooltip({ text, isName = false, children }: TooltipProps) {
  const place = useRef<HTMLSpanElement>(null);
  const hint = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const id = useId();
  useEffect(() => {
    const target = place.current?.firstElementChild;
    if (!isName) target?.setAttribute('aria-describedby', id);
    return () => clearTimeout(timer.current);
  }, [id, isName]);
  const show = (afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const source = place.current?.firstElementChild;
      if (hint.current?.isConnected === true && source instanceof HTMLElement) hint.current.showPopover({ source });
    }, afterMs);
  };
  const hide = () => {
    clearTimeout(timer.current);
    if (hint.current?.isConnected === true) hint.current.hidePopover();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches the control inside, which is what takes keys and presses
    <span
      ref={place}
      className="contents"
      onPointerEnter={(event) => event.pointerType === 'mouse' && show(DELAY_MS)}
      onPointerLeave={hide}
      onPointerDown={hide}
      onFocus={(event) => event.target.matches(':focus-visible') && show(0)}
      onBlur={hide}
      onKeyDown={(event) => event.key === 'Escape' && hide()}
    >
      {children}
      <span ref={hint} id={id} role="tooltip" popover="manual" className="popup hint">
        {text}
      </span>
    </span>
  );
}
