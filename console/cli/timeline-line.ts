// One line of a timeline: when, and what happened, whichever record tells it.
import { inert } from '#shared/base/inert-text.ts';
import type { TimelineItem } from '#shared/contract/timeline-item.ts';

export const timelineLine = (item: TimelineItem): string => inert(`${new Date(item.at).toISOString()}  ${what(item)}`);

function what(item: TimelineItem): string {
  switch (item.type) {
    case 'event':
      return `${item.event.type}: ${item.event.detail}`;
    case 'action':
      return `${item.name} by ${item.by}: ${item.state}${item.exitCode === null ? '' : ` (exit ${item.exitCode})`}${item.reason === '' ? '' : `, ${item.reason}`}`;
    case 'inventory':
      return `inventory ${item.kind}: ${item.isFirst ? 'first seen' : changes(item)}`;
    case 'change':
      return `${item.verb} by ${item.by}`;
  }
}

function changes({ added, removed, changed, more }: Extract<TimelineItem, { type: 'inventory' }>): string {
  const named = [
    ...added.map((name) => `+${name}`),
    ...removed.map((name) => `-${name}`),
    ...changed.map((name) => `~${name}`),
  ];
  return `${named.join(' ')}${more === 0 ? '' : ` and ${more} more`}`;
}
