// Where a file is chosen or dropped, and what it may be.
import { type DragEvent, useId, useState } from 'react';
import { FieldError } from '#console/web/src/ui/field.tsx';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { formatOf, MAX_BYTES } from './file-text.ts';
import { t } from './text.ts';

interface ChooseFileProps {
  isDisabled: boolean;
  onFile: (file: File, format: 'csv' | 'json' | 'xlsx') => void;
}

export function ChooseFile({ isDisabled, onFile }: ChooseFileProps) {
  const id = useId();
  const [isOver, setIsOver] = useState(false);
  const [fault, setFault] = useState('');
  const take = (file: File | undefined) => {
    if (file === undefined || isDisabled) return;
    const format = formatOf(file.name);
    if (format === undefined) return setFault(t('wrongEnding', { file: file.name }));
    if (file.size > MAX_BYTES) return setFault(t('tooLarge'));
    setFault('');
    onFile(file, format);
  };
  const drag = (isInside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setIsOver(isInside);
  };
  return (
    <>
      <label
        className="drop-zone"
        data-over={isOver || undefined}
        onDragEnter={drag(true)}
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          take(event.dataTransfer.files[0]);
        }}
      >
        <Icon name="upload" className="size-5 text-muted" />
        <span className="font-medium">{t('chooseFile')}</span>
        <span className="text-xs text-muted">{t('fileKinds')}</span>
        <input
          type="file"
          accept=".csv,.json,.xlsx"
          className="sr-only"
          disabled={isDisabled}
          aria-describedby={fault === '' ? undefined : `${id}-fault`}
          onChange={(event) => {
            take(event.target.files?.[0]);
            // The same file, mended, is another choice.
            event.target.value = '';
          }}
        />
      </label>
      <FieldError id={`${id}-fault`} text={fault} />
    </>
  );
}
