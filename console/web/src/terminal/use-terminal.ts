// Joins a screen with its line for as long as the view stands.
import { type RefObject, useEffect, useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { isMissing, isRefused } from '#console/web/src/api/fault.ts';
import { attachSession } from '#console/web/src/session/attach-session.ts';
import { useAppearance } from '#console/web/src/settings/appearance.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import type { PageKey } from './keys.ts';
import { Screen } from './screen.ts';
import { type LineState, TerminalLine } from './terminal-line.ts';
import { t } from './text.ts';

interface TerminalAsk {
  session: OpenSession;
  place: RefObject<HTMLElement | null>;
  isReadAloud: boolean;
  onKey: (key: PageKey, screen: Screen) => void;
}

/** What a refusal of the console means; undefined for one that may pass. */
const refusalOf = (error: unknown) => (isMissing(error) ? 'unknown' : isRefused(error) ? 'forbidden' : undefined);

export function useTerminal({ session, place, isReadAloud, onKey }: TerminalAsk) {
  const [state, setState] = useState<LineState>({ at: 'attaching' });
  const screen = useRef<Screen>(undefined);
  // The newest of each, for a screen that is made once.
  const latest = useRef({ onKey, isReadAloud });
  latest.current = { onKey, isReadAloud };
  const { isDark } = useAppearance();

  useEffect(() => {
    if (place.current === null) return;
    const leaving = new AbortController();
    const shown: Screen = new Screen({
      place: place.current,
      label: t('screen'),
      isReadAloud: latest.current.isReadAloud,
      onType: (bytes) => line.type(bytes),
      onResize: (size) => line.resize(size),
      onKey: (key) => latest.current.onKey(key, shown),
    });
    const line: TerminalLine = new TerminalLine({
      clock: systemClock,
      attach: (options) => attachSession(session, options),
      refusal: refusalOf,
      size: () => shown.size,
      onOutput: (bytes) => shown.show(bytes),
      onGap: () => shown.note(t('gap')),
      onState: setState,
    });
    screen.current = shown;
    shown.focus();
    void line.run(leaving.signal);
    return () => {
      leaving.abort();
      shown.close();
      screen.current = undefined;
      // Its key is gone with the page: nobody could come back to it.
      void api.actions.cancel({ id: session.id }).catch(() => undefined); // it is over, or ends by itself in a minute
    };
  }, [session, place]);

  useEffect(() => screen.current?.readAloud(isReadAloud), [isReadAloud]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: its colours are others then.
  useEffect(() => screen.current?.recolour(), [isDark]);
  return { state, screen };
}
