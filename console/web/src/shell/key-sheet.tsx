// The sheet of keys, opened by "?" or its button; single keys can be turned off for those whose tools type letters.
import { useMemo, useRef, useState } from 'react';
import { areKeysOn, setKeysOn, useKeys } from '#console/web/src/ui/use-keys.ts';
import { t } from './text.ts';

const KEYS = [
  ['/', 'keyFilter'],
  ['j  k', 'keyWalk'],
  ['Enter', 'keyOpen'],
  ['u', 'keyUp'],
  ['1 2 3 4', 'keySpans'],
  ['?', 'keySheet'],
] as const;

export function KeySheet() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [areOn, setAreOn] = useState(areKeysOn);
  const open = () => dialog.current?.showModal();
  useKeys(useMemo(() => ({ '?': () => dialog.current?.showModal() }), []));
  const change = (isOn: boolean) => {
    setKeysOn(isOn);
    setAreOn(isOn);
  };
  return (
    <>
      <button type="button" className="button-quiet hidden sm:inline-block" aria-haspopup="dialog" onClick={open}>
        <kbd>?</kbd>
        <span className="sr-only"> {t('keysHint')}</span>
      </button>
      <dialog ref={dialog} aria-labelledby="keys-title" className="dialog p-5">
        <h2 id="keys-title" className="m-0 mb-3 text-base font-semibold">
          {t('keys')}
        </h2>
        <dl className="m-0 grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
          {KEYS.map(([key, what]) => (
            <div key={key} className="contents">
              <dt className="flex gap-1">
                {key.split(/\s+/).map((one) => (
                  <kbd key={one}>{one}</kbd>
                ))}
              </dt>
              <dd className="m-0">{t(what)}</dd>
            </div>
          ))}
        </dl>
        <label className="mt-4 flex items-center gap-2 text-muted">
          <input type="checkbox" checked={areOn} onChange={(event) => change(event.target.checked)} />
          {t('keysSwitch')}
        </label>
        <form method="dialog" className="mt-4 text-right">
          <button type="submit" className="button">
            {t('close')}
          </button>
        </form>
      </dialog>
    </>
  );
}
