// What a device can be asked for in a filter, and which of it sorts a list: one table for console, web and command line.
import type { Field, FieldUnit } from '#shared/base/filter/filter.ts';
import { DEVICE_STATUSES, DEVICE_SYSTEMS, DEVICE_TYPES } from './device-words.ts';

const text = (more: Partial<Field> = {}): Field => ({ kind: 'text', isSortable: true, ...more });
const many = (more: Partial<Field> = {}): Field => ({ kind: 'text', isSortable: false, isMany: true, ...more });
const choice = (choices: readonly string[]): Field => ({ kind: 'choice', choices, isSortable: true });
const number = (unit: FieldUnit): Field => ({ kind: 'number', unit, isSortable: true });
const age: Field = { kind: 'age', isSortable: true };
const searched = { isSearched: true };

export const FLEET_FIELDS = {
  name: text(searched),
  /** The one it is polled at and those of its interfaces. */
  address: text({ ...searched, isMany: true }),
  hostname: text(searched),
  serial: text(searched),
  /** Who is signed in or signed in last. */
  user: text({ ...searched, isMany: true }),
  os: text(),
  site: text(searched),
  customer: text(),
  group: many({ kind: 'label' }),
  tag: many({ kind: 'label', ...searched }),
  status: choice(DEVICE_STATUSES),
  /** Why it is down. */
  reason: text(),
  system: choice(DEVICE_SYSTEMS),
  type: choice(DEVICE_TYPES),
  relay: text(),
  transport: text(),
  credential: text(),
  simulated: { kind: 'flag', isSortable: true },
  cpu: number('ratio'),
  memory: number('ratio'),
  disk: number('ratio'),
  load: number('count'),
  uptime: number('duration'),
  rx: number('bytes-per-second'),
  tx: number('bytes-per-second'),
  polled: age,
  added: age,
  software: many(),
  service: many(),
  id: text(),
} as const satisfies Record<string, Field>;

export type FleetField = keyof typeof FLEET_FIELDS;
