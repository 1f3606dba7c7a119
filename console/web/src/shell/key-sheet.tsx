// The sheet of keys, written from what is registered at this moment; single keys can be turned off for those whose tools type letters.
import { useEffect, useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Kbd } from '#console/web/src/ui/kbd.tsx';
import type { KeyLine } from '#console/web/src/ui/key-registry.ts';
import { areKeysOn, keyRegistry, setKeysOn } from '#console/web/src/ui/use-keys.ts';
import { keyText } from './key-text.ts';
import { t } from './text.ts';

interface KeySheetProps {
  isOpen: boolean;
  onClose: () => void;
}

export function KeySheet({ isOpen, onClose }: KeySheetProps) {
  return (
    <Dialog
      title={t('keys')}
      isOpen={isOpen}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('close')}
        </Button>
      }
    >
      <Lines />
      <SingleKeys />
    </Dialog>
  );
}

function useLines(): KeyLine[] {
  const [lines, setLines] = useState(() => keyRegistry.lines());
  useEffect(() => keyRegistry.subscribe(() => setLines(keyRegistry.lines())), []);
  return lines;
}

function Lines() {
  const lines = useLines();
  const ofPage = lines.filter((line) => line.isOfPage);
  const pages = lines.filter((line) => !line.isOfPage && line.keys[0]?.startsWith('g ') === true);
  const frame = lines.filter((line) => !line.isOfPage && !pages.includes(line));
  return (
    <div className="grid gap-x-8 gap-y-5 sm:grid-cols-2">
      <KeyPart title={t('keysEverywhere')} lines={frame} />
      <KeyPart title={t('keysOfPage')} lines={ofPage} />
      <KeyPart title={t('keysToPages')} lines={pages} />
    </div>
  );
}

function KeyPart({ title, lines }: { title: string; lines: readonly KeyLine[] }) {
  if (lines.length === 0) return null;
  return (
    <section>
      <h3 className="m-0 mb-2 text-xs font-medium text-muted">{title}</h3>
      <dl className="m-0 grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1.5">
        {lines.map(({ keys, what }) => (
          <div key={what} className="contents">
            <dt>{what}</dt>
            <dd className="m-0 flex justify-end gap-2">
              {keys.map((key) => (
                <Kbd key={key} keys={keyText(key)} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function SingleKeys() {
  const [areOn, setAreOn] = useState(areKeysOn);
  const change = (isOn: boolean) => {
    setKeysOn(isOn);
    setAreOn(isOn);
  };
  return (
    <label className="flex items-center gap-2 text-muted">
      <input type="checkbox" checked={areOn} onChange={(event) => change(event.target.checked)} />
      {t('keysSwitch')}
    </label>
  );
}
