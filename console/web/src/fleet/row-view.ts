// One device as a row of plain elements, copied from one template and written where it differs from what it shows.

import type { Moment } from './age-cell.ts';
import { kindOf, lookOf } from './cell-look.ts';
import { type CellView, cellOf, cellView, emptyCell } from './cell-view.ts';
import type { ColumnKey } from './column-list.ts';
import { element } from './element.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { RowMarks } from './row-marks.tsx';
import { t } from './text.ts';

/** Where a row stands and of which device it is. */
export interface RowPlace {
  id: string;
  /** In the list, as the keys count. */
  index: number;
  /** Of the store. */
  row: number;
  href: string;
}

/** A row as every device has it: built once for a set of columns. */
export class RowTemplate {
  readonly #element: HTMLElement;
  readonly columns: readonly ColumnKey[];
  readonly marks: RowMarks;

  constructor(columns: readonly ColumnKey[], marks: RowMarks) {
    this.columns = columns;
    this.marks = marks;
    const cells = columns.map((key) => (key === 'name' ? nameCell() : emptyCell(kindOf(key))));
    this.#element = element('tr', 'row', selectCell(), ...cells);
    // Laid out as a grid, it would be no row to some readers.
    this.#element.setAttribute('role', 'row');
  }

  make(): RowView {
    return new RowView(this.#element.cloneNode(true) as HTMLElement, this); // a copy of an element is one
  }
}

/** The label of the box fills the cell, so that there is nothing beside it to miss. */
function selectCell(): HTMLElement {
  const box = document.createElement('input');
  box.type = 'checkbox';
  box.className = 'tick';
  // Keys select by Space on the name; a stop per row more would double the way through the table.
  box.tabIndex = -1;
  return cellOf('select-cell', element('label', 'select-label', box));
}

function nameCell(): HTMLElement {
  const link = element('a', 'row-link', new Text());
  link.tabIndex = -1;
  return cellOf('name-cell', link);
}

export class RowView {
  readonly element: HTMLElement;
  readonly #cells: readonly [ColumnKey, CellView][];
  readonly #box: HTMLInputElement;
  readonly #link: HTMLAnchorElement;
  readonly #marks: RowMarks;
  #place: RowPlace | undefined;
  #name: string | undefined;
  #isSimulated = false;
  #stamp = -1;

  /** Of a copy of the template. */
  constructor(copy: HTMLElement, { columns, marks }: RowTemplate) {
    const [box, link] = [copy.querySelector('input'), copy.querySelector('a')];
    if (box === null || link === null) throw new Error('a row has a box and a name');
    [this.element, this.#box, this.#link, this.#marks] = [copy, box, link, marks];
    // The box stands before the columns.
    this.#cells = columns.flatMap((key, place) => {
      const cell = copy.children[place + 1];
      return key === 'name' || !(cell instanceof HTMLElement)
        ? []
        : [[key, cellView(kindOf(key), cell, marks)] as const];
    });
  }

  get id(): string {
    return this.#place?.id ?? '';
  }

  /** The same device at the same place, which may have another row in the store. */
  refresh(row: number | undefined, rows: FleetRows, moment: Moment): void {
    if (this.#place !== undefined && row !== undefined) this.show({ ...this.#place, row }, rows, moment);
  }

  /** Costs nothing where the device has not changed since. */
  show(place: RowPlace, rows: FleetRows, moment: Moment): void {
    const former = this.#place;
    this.#place = place;
    if (place.index !== former?.index) {
      this.element.setAttribute('aria-rowindex', String(place.index + 2));
      this.#link.dataset['row'] = String(place.index);
    }
    if (place.href !== former?.href) this.#link.href = place.href;
    const stamp = rows.stamp[place.row] ?? 0;
    if (place.id === former?.id && stamp === this.#stamp) return;
    this.#stamp = stamp;
    this.#showName(rows.name[place.row] ?? '', rows.isSimulated[place.row] === 1);
    for (const [key, view] of this.#cells) view.show(lookOf(key, rows, place.row), moment);
  }

  /** An age grows by itself. */
  showAge(rows: FleetRows, moment: Moment): void {
    const { row } = this.#place ?? {};
    if (row === undefined) return;
    for (const [key, view] of this.#cells) if (key === 'polled') view.show(lookOf(key, rows, row), moment);
  }

  showSelected(isSelected: boolean): void {
    this.#box.checked = isSelected;
    this.element.toggleAttribute('data-selected', isSelected);
  }

  /** The one row that Tab stops at. */
  showCursor(isCursor: boolean): void {
    const tabIndex = isCursor ? 0 : -1;
    if (this.#link.tabIndex !== tabIndex) this.#link.tabIndex = tabIndex;
  }

  #showName(name: string, isSimulated: boolean): void {
    if (name !== this.#name) {
      this.#name = name;
      this.#link.textContent = name;
      this.#link.title = name;
      this.#box.setAttribute('aria-label', t('select', { name }));
    }
    if (isSimulated === this.#isSimulated) return;
    this.#isSimulated = isSimulated;
    const cell = this.#link.parentElement;
    cell?.classList.toggle('simulated', isSimulated);
    cell?.replaceChildren(this.#link, ...(isSimulated ? [this.#marks.simulated()] : []));
  }
}
