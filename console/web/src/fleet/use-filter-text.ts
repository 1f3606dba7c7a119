// The text of the filter while one types: it works at once, and reaches the URL when one pauses.
import { useCallback, useEffect, useState } from 'react';

/** Every change of the URL asks the router; typing is not to wait for it. */
const SETTLE_MS = 250;

export interface FilterState {
  text: string;
  /** While one types. */
  type: (text: string) => void;
  /** By a press: at once and in one step. */
  put: (text: string) => void;
}

export function useFilterText(asked: string, onSettle: (text: string) => void): FilterState {
  const [text, setText] = useState(asked);
  const [known, setKnown] = useState(asked);
  if (known !== asked) {
    // The URL changed by other means: back, a saved view, a link.
    setKnown(asked);
    setText(asked);
  }
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => onSettle(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [text, asked, onSettle]);
  const put = useCallback(
    (next: string) => {
      setText(next);
      onSettle(next);
    },
    [onSettle],
  );
  return { text, type: setText, put };
}
