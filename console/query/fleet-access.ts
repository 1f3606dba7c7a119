// How the fleet's filter reads the columns: every pooled text is asked once, rows only look the answer up.
import type { FieldAccess } from '#shared/base/filter/compile-filter.ts';
import { FLEET_FIELDS, type FleetField } from '#shared/model/fleet-fields.ts';
import type { FleetRows } from './fleet-rows.ts';

type Test = (lowerCase: string) => boolean;
type Ask = (row: number) => boolean;

/** Whether a row is a member of one of the groups whose name passes. */
export type AskGroups = (test: Test) => Ask;

const never: Ask = () => false;
const unknown = () => Number.NaN;

/** Good for one reading: make it anew when rows have changed. */
export function fleetAccess(rows: FleetRows, groups: AskGroups): FieldAccess<number> {
  const ask = (field: string, test: Test): Ask => {
    // The filter's reader lets only fields of the table through.
    const reader = Object.hasOwn(TEXT_READERS, field) ? TEXT_READERS[field as FleetField] : undefined;
    if (field === 'group') return groups(test);
    return reader === undefined ? never : reader(rows, test);
  };
  return {
    text: ask,
    word: (test) => {
      const asks = SEARCHED.map((field) => ask(field, test));
      return (row) => asks.some((one) => one(row));
    },
    number: (field) => {
      const values = Object.hasOwn(rows.numbers, field) ? rows.numbers[field as keyof FleetRows['numbers']] : undefined;
      return values === undefined ? unknown : (row) => values[row] ?? Number.NaN;
    },
  };
}

const text =
  (column: 'id' | 'name' | 'hostname' | 'serial') =>
  (rows: FleetRows, test: Test): Ask => {
    const { lower } = rows.texts[column];
    return (row) => test(lower[row] ?? '');
  };

const word =
  (column: keyof FleetRows['word']) =>
  (rows: FleetRows, test: Test): Ask => {
    const numbers = rows.word[column];
    const passes = rows.words.ask(test);
    return (row) => passes(numbers[row] ?? 0);
  };

const set =
  (column: keyof FleetRows['set']) =>
  (rows: FleetRows, test: Test): Ask => {
    const numbers = rows.set[column];
    const passes = rows.pools[column].ask(test);
    return (row) => passes(numbers[row] ?? 0);
  };

/** Sites and relays are few: all of them are asked beforehand. */
function place(all: Iterable<[number, unknown]>, length: number, passes: (place: number) => boolean): Uint8Array {
  const answers = new Uint8Array(length);
  for (const [at] of all) answers[at] = passes(at) ? 1 : 0;
  return answers;
}

function site(of: 'lower' | 'customerLower') {
  return (rows: FleetRows, test: Test): Ask => {
    const answers = place(rows.sites.all(), rows.sites.length, (at) => test(rows.sites.at(at)?.[of] ?? ''));
    return (row) => answers[rows.site[row] ?? 0] === 1;
  };
}

function relay(rows: FleetRows, test: Test): Ask {
  const answers = place(rows.relays.all(), rows.relays.length, (at) => test(rows.relays.at(at)?.lower ?? ''));
  const withoutRelay = test('');
  return (row) => {
    const at = rows.relay[row] ?? -1;
    return at < 0 ? withoutRelay : answers[at] === 1;
  };
}

function address(rows: FleetRows, test: Test): Ask {
  const { lower } = rows.texts.address;
  return (row) => test(lower[row] ?? '') || (rows.addresses[row]?.some(test) ?? false);
}

const TEXT_READERS: Partial<Record<FleetField, (rows: FleetRows, test: Test) => Ask>> = {
  id: text('id'),
  name: text('name'),
  hostname: text('hostname'),
  serial: text('serial'),
  address,
  site: site('lower'),
  customer: site('customerLower'),
  relay,
  os: word('os'),
  status: word('status'),
  reason: word('reason'),
  system: word('system'),
  type: word('type'),
  transport: word('transport'),
  credential: word('credential'),
  simulated: word('simulated'),
  tag: set('tag'),
  user: set('user'),
  software: set('software'),
  service: set('service'),
};

const SEARCHED = Object.entries(FLEET_FIELDS).flatMap(([name, field]) => ('isSearched' in field ? [name] : []));
