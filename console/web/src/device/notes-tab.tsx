// What people keep of a device: notes that are saved when one leaves the field, links, and the way to forget it.
import { useEffect, useRef, useState } from 'react';
import { faultText } from '#console/web/src/api/fault.ts';
import { Allowed } from '#console/web/src/rights/allowed.tsx';
import { useMay } from '#console/web/src/rights/may.ts';
import { secondOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { TextArea } from '#console/web/src/ui/text-field.tsx';
import { DeviceLinks } from './device-links.tsx';
import { ForgetDialog } from './forget-dialog.tsx';
import { isConflict } from './notes-conflict.ts';
import type { TabProps } from './tab-props.ts';
import { t } from './text.ts';
import { type Update, useUpdate } from './use-update.ts';

export function NotesTab({ device }: TabProps) {
  const update = useUpdate(device.id);
  const [isForgetting, setIsForgetting] = useState(false);
  return (
    <div className="grid max-w-3xl gap-4">
      <section className="panel p-3">
        <Notes stored={device.notes} update={update} />
      </section>
      <section className="panel p-3">
        <h2 className="section-title mb-2">{t('links')}</h2>
        <DeviceLinks links={device.links} update={update} />
      </section>
      <Allowed needs="device.remove">
        <section className="panel danger-zone p-3">
          <h2 className="section-title mb-1">{t('danger')}</h2>
          <p className="mt-0 mb-2 text-muted">{t('dangerBody')}</p>
          <Button kind="danger" icon="trash" onClick={() => setIsForgetting(true)}>
            {t('forgetThis')}
          </Button>
          {isForgetting && <ForgetDialog device={device} onClose={() => setIsForgetting(false)} />}
        </section>
      </Allowed>
    </div>
  );
}

type State =
  | { kind: 'same' }
  | { kind: 'typed' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  | { kind: 'fault'; text: string };

function Notes({ stored, update }: { stored: string; update: Update }) {
  const [text, setText] = useState(stored);
  /** What the console held when one began to type: anything else it holds later is somebody else's. */
  const [base, setBase] = useState(stored);
  const [state, setState] = useState<State>({ kind: 'same' });
  const isTyped = text !== base;
  const hasConflict = isConflict({ text, base, stored });
  // Somebody else's words are shown at once while nothing of one's own stands there.
  if (!isTyped && stored !== base && state.kind !== 'saving') {
    setText(stored);
    setBase(stored);
  }
  const save = async (next: string) => {
    setState({ kind: 'saving' });
    try {
      const saved = await update.save({ notes: next });
      setBase(saved.notes);
      setText((now) => (now === next ? saved.notes : now));
      setState({ kind: 'saved', at: Date.now() });
    } catch (error) {
      setState({ kind: 'fault', text: faultText(error) });
    }
  };
  const mayWrite = useMay('device.write');
  useWarnBeforeLeaving(isTyped);
  const leave = () => {
    if (isTyped && !hasConflict && state.kind !== 'saving') void save(text);
  };
  return (
    <>
      <TextArea
        label={t('notes')}
        hint={t('notesHint')}
        rows={8}
        maxLength={10_000}
        readOnly={!mayWrite}
        value={text}
        onText={(next) => {
          setText(next);
          setState({ kind: 'typed' });
        }}
        onBlur={leave}
      />
      {hasConflict && (
        <div role="alert" className="mt-2 rounded-md border border-line p-3">
          <p className="m-0 mb-2 font-medium text-changed">{t('notesConflict')}</p>
          <pre className="printed mb-2">{stored === '' ? t('emptyNotes') : stored}</pre>
          <div className="flex flex-wrap gap-2">
            <Button kind="primary" onClick={() => void save(text)}>
              {t('keepMine')}
            </Button>
            <Button
              onClick={() => {
                setText(stored);
                setBase(stored);
                setState({ kind: 'same' });
              }}
            >
              {t('takeTheirs')}
            </Button>
          </div>
        </div>
      )}
      <p role="status" className="mt-1.5 mb-0 min-h-[1.125rem] text-xs text-muted">
        {stateText(state, isTyped)}
      </p>
    </>
  );
}

function stateText(state: State, isTyped: boolean): string {
  if (state.kind === 'saving') return t('saving');
  if (state.kind === 'fault') return `${t('notesNotSaved')} ${state.text}`;
  if (isTyped) return t('notSavedYet');
  return state.kind === 'saved' ? t('savedAt', { time: secondOf(state.at) }) : '';
}

/** The browser asks when the tab is closed over words that are saved nowhere. */
function useWarnBeforeLeaving(isTyped: boolean): void {
  const latest = useRef(isTyped);
  latest.current = isTyped;
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (latest.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, []);
}
