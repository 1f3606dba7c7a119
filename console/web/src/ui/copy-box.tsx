// A command or a key to take along, with a button that copies it.
import { useEffect, useRef, useState } from 'react';
import { IconButton } from './button.tsx';
import { t } from './text.ts';
import { toast } from './toast.ts';

/** As long as one looks at the button after pressing it. */
const SAID_MS = 2_000;

/** `label` says what is copied: "Command that enrols the relay". */
export function CopyBox({ label, text }: { label: string; text: string }) {
  const box = useRef<HTMLPreElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setIsCopied(true);
    } catch {
      // Without HTTPS a browser lends no clipboard; the text is marked, and the keys copy it.
      if (box.current !== null) getSelection()?.selectAllChildren(box.current);
      toast.say(t('copyByKeys'));
    }
  };
  return (
    <div className="copy-box">
      <pre ref={box}>{text}</pre>
      <IconButton
        isSmall
        icon={isCopied ? 'check' : 'copy'}
        label={t('copy', { what: label })}
        onClick={() => void copy()}
      />
      <span role="status" className="sr-only">
        {isCopied ? t('copied') : ''}
      </span>
    </div>
  );
}
