// A free part of time, typed: from when to when, in the clock of whoever looks.
import { type FormEvent, useState } from 'react';
import { consoleNow } from '#console/web/src/live/now.ts';
import { localText, localTime } from '#console/web/src/text/local-time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Popover } from '#console/web/src/ui/popover.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { partOf, type Window } from './spans.ts';
import { t } from './text.ts';

interface RangeFormProps {
  window: Window;
  onRange: (from: number, to: number) => void;
}

export const RangeForm = (props: RangeFormProps) => (
  <Popover button={{ text: t('range'), icon: 'clock', kind: 'quiet', isSmall: true }}>
    {(close) => <Fields {...props} close={close} />}
  </Popover>
);

function Fields({ window, onRange, close }: RangeFormProps & { close: () => void }) {
  const seen = partOf(window, consoleNow());
  const [from, setFrom] = useState(localText(seen.from));
  const [to, setTo] = useState(localText(seen.to));
  const [start, end] = [localTime(from), localTime(to)];
  const isOrdered = start !== undefined && end !== undefined && end > start;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isOrdered) return;
    close();
    onRange(start, end);
  };
  return (
    <form onSubmit={submit} className="grid gap-2">
      <TextField label={t('rangeFrom')} type="datetime-local" value={from} onText={setFrom} required />
      <TextField
        label={t('rangeTo')}
        type="datetime-local"
        value={to}
        onText={setTo}
        required
        error={start !== undefined && end !== undefined && end <= start ? t('rangeOrder') : ''}
      />
      <Button kind="primary" type="submit" disabled={!isOrdered}>
        {t('rangeShow')}
      </Button>
    </form>
  );
}
