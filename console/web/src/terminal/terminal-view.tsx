// A terminal as people see it: what state it is in, the screen, what the keyboard does here, and the way out.
import { useRef, useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { readStored, writeStored } from '#console/web/src/settings/stored.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { Kbd } from '#console/web/src/ui/kbd.tsx';
import { Switch } from '#console/web/src/ui/tick.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { OpenSession } from '#shared/seal/attached-session.ts';
import { LEAVE_TEXT, type PageKey, PHONE_KEYS, type PhoneKey, phoneKeyBytes } from './keys.ts';
import { asksFirst, linesOf, shownOf } from './pasted.ts';
import type { Screen } from './screen.ts';
import type { LineEnd, LineState } from './terminal-line.ts';
import { t } from './text.ts';
import { useTerminal } from './use-terminal.ts';
import './terminal.css';

interface TerminalViewProps {
  session: OpenSession;
  device: string;
  /** Another one is opened as this one was. */
  onAgain: () => void;
}

const READ_ALOUD = 'rmm-terminal-reader';

export function TerminalView({ session, device, onAgain }: TerminalViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const out = useRef<HTMLButtonElement>(null);
  const [isReadAloud, setReadAloud] = useState(() => readStored(READ_ALOUD) === 'on');
  const [pasted, setPasted] = useState<string>();
  const onKey = (key: PageKey, screen: Screen) => {
    if (key === 'leave') out.current?.focus();
    else if (key === 'copy') void copy(screen);
  };
  const { state, screen } = useTerminal({ session, place, isReadAloud, onKey });
  const isOver = state.at === 'over';
  const end = () =>
    void api.actions.cancel({ id: session.id }).catch((error: unknown) => toast.fault(error, t('notEnded')));
  const back = () => {
    setPasted(undefined);
    // Once the dialog has given the focus back to where it was.
    setTimeout(() => screen.current?.focus());
  };
  return (
    <section aria-label={t('titleOf', { device })} className="terminal-view">
      <div className="flex min-h-9 flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="m-0 grow" data-line={state.at}>
          {stateText(state)}
        </p>
        <Switch
          label={t('readAloud')}
          isOn={isReadAloud}
          onChange={(isOn) => {
            setReadAloud(isOn);
            writeStored(READ_ALOUD, isOn ? 'on' : 'off');
          }}
        />
        <Button ref={out} isSmall onClick={isOver ? onAgain : end}>
          {t(isOver ? 'again' : 'end')}
        </Button>
      </div>
      <div
        ref={place}
        className="terminal-screen"
        onPasteCapture={(event) => {
          const text = event.clipboardData.getData('text/plain');
          if (!asksFirst(text)) return;
          event.preventDefault();
          event.stopPropagation();
          setPasted(text);
        }}
      />
      <PhoneKeys screen={screen} />
      <p className="m-0 mt-2 text-xs text-muted">
        {t.rich('keys', { leave: <Kbd key="leave" keys={LEAVE_TEXT} />, copy: <Kbd key="copy" keys="Ctrl+C" /> })}
      </p>
      <ConfirmDialog
        title={t('pasteTitle', { count: linesOf(pasted ?? '') })}
        isOpen={pasted !== undefined}
        confirmText={t('paste')}
        onClose={back}
        onConfirm={() => {
          screen.current?.paste(pasted ?? '');
          back();
        }}
      >
        <p className="mt-0 mb-2">{t('pasteBody')}</p>
        <pre className="terminal-pasted">{shownOf(pasted ?? '')}</pre>
      </ConfirmDialog>
    </section>
  );
}

/** A phone's keyboard has neither of them; elsewhere they are not shown. */
function PhoneKeys({ screen }: { screen: React.RefObject<Screen | undefined> }) {
  const press = (key: PhoneKey) => {
    screen.current?.type(phoneKeyBytes(key, screen.current.hasApplicationKeys));
    screen.current?.focus();
  };
  // Keys of an object of ours.
  const all = Object.keys(PHONE_KEYS) as PhoneKey[];
  return (
    <fieldset className="terminal-keys" aria-label={t('phoneKeys')}>
      {all.map((key) => (
        <Button key={key} isSmall onClick={() => press(key)}>
          {key}
        </Button>
      ))}
    </fieldset>
  );
}

async function copy(screen: Screen): Promise<void> {
  try {
    await navigator.clipboard.writeText(screen.selected);
    screen.unselect();
  } catch (error) {
    toast.fault(error, t('notCopied'));
  }
}

function stateText(state: LineState): string {
  switch (state.at) {
    case 'attaching':
      return t('attaching');
    case 'live':
      return t('live');
    case 'cut':
      return t('cut');
    case 'over':
      return endText(state.end);
  }
}

function endText(end: LineEnd): string {
  if (end.why !== 'shell') return t(`end_${end.why}`);
  const detail = inert(end.detail);
  return end.exitCode === undefined
    ? t('end_shell', { detail })
    : t('end_shellWith', { detail, code: String(end.exitCode) });
}
