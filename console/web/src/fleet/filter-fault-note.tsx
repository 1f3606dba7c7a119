// Why the text of the filter does not read, with the place marked, and that the former filter still holds.
import { inert } from '#shared/base/inert-text.ts';
import { t } from './text.ts';
import type { FilterFault } from './use-fleet-view.ts';

/** Around the place: enough to find it in a long filter. */
const AROUND = 24;

interface FilterFaultNoteProps {
  id: string;
  text: string;
  fault: FilterFault;
  /** The rest of the filter holds meanwhile, which is said. */
  isHeld: boolean;
}

export function FilterFaultNote({ id, text, fault, isHeld }: FilterFaultNoteProps) {
  const { from, to } = fault;
  const before = text.slice(Math.max(0, from - AROUND), from);
  const after = text.slice(to, to + AROUND);
  return (
    <p id={id} className="filter-fault">
      <span className="code whitespace-pre">
        {from > AROUND && '…'}
        {before}
        <mark className="filter-mark">{text.slice(from, to) || ' '}</mark>
        {after}
        {text.length > to + AROUND && '…'}
      </span>{' '}
      {sentence(inert(messageOf(fault)))} {isHeld && <span className="text-muted">{t('filterKept')}</span>}
    </p>
  );
}

// Which values a message takes hangs on its code, and the reader of filters gives them all.
const say = t as (key: string, values: FilterFault['values']) => string;
const messageOf = ({ code, values }: FilterFault): string => say(`fault_${code}`, values);

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
