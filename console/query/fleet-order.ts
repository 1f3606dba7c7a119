// The order of a list by any field, and the place in it that a cursor keeps: the sort key and the id of the last row.
import { z } from 'zod';
import { readCursor } from '#console/store/cursor.ts';
import { AppError } from '#shared/base/errors.ts';
import { FLEET_FIELDS, type FleetField } from '#shared/model/fleet-fields.ts';
import type { FleetRows } from './fleet-rows.ts';
import { smallest } from './smallest.ts';

/** Enough of a text to sort by; what is equal so far is in the order of ids. A cursor stays short this way. */
const KEY_LENGTH = 100;

export interface FleetSort {
  field: FleetField;
  isDescending: boolean;
}

/** '' and NaN are unknown. */
type KeyOf = (row: number) => string | number;
/** The last row of a page: its key (null is unknown) and its id. */
type Place = readonly [key: string | number | null, id: string];

const Cursor = z.tuple([z.string(), z.union([z.string(), z.number(), z.null()]), z.string()]);

/** "name", "-cpu"; throws `bad-request` for what does not sort. */
export function readSort(text: string): FleetSort {
  const isDescending = text.startsWith('-');
  const name = isDescending ? text.slice(1) : text;
  const sortable = Object.entries(FLEET_FIELDS).flatMap(([field, { isSortable }]) => (isSortable ? [field] : []));
  if (!sortable.includes(name))
    throw new AppError('bad-request', `"${name}" does not sort a list: it is one of ${sortable.join(', ')}`);
  return { field: name as FleetField, isDescending }; // one of its keys, checked above
}

const sortText = ({ field, isDescending }: FleetSort): string => `${isDescending ? '-' : ''}${field}`;

export class FleetOrder {
  readonly #rows: FleetRows;
  readonly #sort: FleetSort;
  readonly #keyOf: KeyOf;

  constructor(rows: FleetRows, sort: FleetSort) {
    this.#rows = rows;
    this.#sort = sort;
    this.#keyOf = keyReader(rows, sort.field);
  }

  /**
   * The first `limit` of `found` behind the cursor, in order. A row whose key does not move is on exactly one page, whatever
   * is added, removed or changed between two of them. Throws `bad-request` for a cursor of another order.
   */
  page(
    found: readonly number[],
    limit: number,
    cursor: string | undefined,
  ): { rows: number[]; nextCursor: string | null } {
    const after = this.#readPlace(cursor);
    const behind = after === undefined ? found : found.filter((row) => this.#compare(this.#placeOf(row), after) > 0);
    const first = this.#smallest(behind, limit);
    const last = first.at(-1);
    const hasMore = behind.length > first.length && last !== undefined;
    return { rows: first, nextCursor: hasMore ? this.#cursorOf(last) : null };
  }

  /** All of them in order. */
  sorted(found: readonly number[]): number[] {
    return this.#smallest(found, found.length);
  }

  #smallest(found: readonly number[], limit: number): number[] {
    const placed = smallest(
      found,
      limit,
      (row) => ({ row, place: this.#placeOf(row) }),
      (a, b) => this.#compare(a.place, b.place),
    );
    return placed.map(({ row }) => row);
  }

  #placeOf(row: number): Place {
    const key = this.#keyOf(row);
    const isUnknown = key === '' || Number.isNaN(key);
    return [
      isUnknown ? null : typeof key === 'string' ? key.slice(0, KEY_LENGTH) : key,
      this.#rows.texts.id.text[row] ?? '',
    ];
  }

  /** What is unknown comes last in both directions; equal keys are in the order of ids in both, too. */
  #compare([keyA, idA]: Place, [keyB, idB]: Place): number {
    if (keyA !== keyB) {
      if (keyA === null) return 1;
      if (keyB === null) return -1;
      return keyA < keyB !== this.#sort.isDescending ? -1 : 1;
    }
    return idA < idB ? -1 : idA > idB ? 1 : 0;
  }

  #cursorOf(row: number): string {
    return Buffer.from(JSON.stringify([sortText(this.#sort), ...this.#placeOf(row)])).toString('base64url');
  }

  #readPlace(cursor: string | undefined): Place | undefined {
    const read = readCursor(cursor, Cursor);
    if (read === undefined) return undefined;
    const [order, key, id] = read;
    const isNumber = FLEET_FIELDS[this.#sort.field].kind === 'number' || FLEET_FIELDS[this.#sort.field].kind === 'age';
    const isFitting = key === null || typeof key === (isNumber ? 'number' : 'string');
    if (order !== sortText(this.#sort) || !isFitting)
      throw new AppError('bad-request', 'the cursor is of a list in another order');
    return [key, id];
  }
}

function keyReader(rows: FleetRows, field: FleetField): KeyOf {
  const { kind } = FLEET_FIELDS[field];
  if (kind === 'number' || kind === 'age') {
    const values = rows.numbers[field as keyof FleetRows['numbers']]; // every compared field has its column
    // The younger the smaller: an age rises while its time stands still, and a cursor keeps the time.
    return kind === 'age' ? (row) => -(values[row] ?? Number.NaN) : (row) => values[row] ?? Number.NaN;
  }
  switch (field) {
    case 'site':
      return (row) => rows.siteOf(row)?.lower ?? '';
    case 'customer':
      return (row) => rows.siteOf(row)?.customerLower ?? '';
    case 'relay':
      return (row) => rows.relayOf(row)?.lower ?? '';
    case 'id':
    case 'name':
    case 'address':
    case 'hostname':
    case 'serial': {
      const { lower } = rows.texts[field];
      return (row) => lower[row] ?? '';
    }
    case 'user':
      return wordKey(rows, 'person');
    default:
      return wordKey(rows, field as keyof FleetRows['word']); // the other sortable fields are words
  }
}

function wordKey(rows: FleetRows, column: keyof FleetRows['word']): KeyOf {
  const numbers = rows.word[column];
  return (row) => rows.words.lower[numbers[row] ?? 0] ?? '';
}
