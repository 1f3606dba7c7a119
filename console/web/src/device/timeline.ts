// Shapes the timeline of a device: which kind each thing is, days, and the words of an edit.
import type { TimelineItem } from './device-data.ts';

/** As people sort what happened. */
export const TIMELINE_KINDS = ['state', 'relay', 'action', 'inventory', 'change'] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export const kindOf = (item: TimelineItem): TimelineKind =>
  item.type === 'event' ? (item.event.type === 'state' ? 'state' : 'relay') : item.type;

/** Of one device: items have no number of their own, but place, time and kind are one. */
export function keyOf(item: TimelineItem): string {
  switch (item.type) {
    case 'event':
      return `event ${item.event.seq}`;
    case 'action':
      return `action ${item.action}`;
    case 'inventory':
      return `inventory ${item.at} ${item.kind}`;
    case 'change':
      return `change ${item.at} ${item.verb}`;
  }
}

export interface Day {
  /** The first moment that is shown of it. */
  at: number;
  items: TimelineItem[];
}

/** By day of the person who looks; `dayOf` names the day of a time. */
export function daysOf(items: readonly TimelineItem[], dayOf: (at: number) => string): Day[] {
  const days: Day[] = [];
  let current = '';
  for (const item of items) {
    const day = dayOf(item.at);
    if (day !== current) days.push({ at: item.at, items: [] });
    current = day;
    days.at(-1)?.items.push(item);
  }
  return days;
}

export interface EditPart {
  member: string;
  from: string;
  to: string;
}

const textOf = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** "name.from" and "name.to" of an audit's detail as one; a long text says only that it changed. */
export function editParts(detail: unknown): EditPart[] {
  if (typeof detail !== 'object' || detail === null) return [];
  const values = new Map<string, unknown>(Object.entries(detail));
  const parts: EditPart[] = [];
  for (const [key, value] of values) {
    if (key.endsWith('.from')) {
      const member = key.slice(0, -'.from'.length);
      parts.push({ member, from: textOf(value), to: textOf(values.get(`${member}.to`)) });
    } else if (!key.endsWith('.to') && typeof value !== 'object')
      parts.push({ member: key, from: '', to: textOf(value) });
  }
  return parts;
}
