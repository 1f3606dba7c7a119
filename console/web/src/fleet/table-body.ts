// The rows in sight of the fleet's table, as plain elements: it follows the store, the selection, the scrolling and the clock by itself.
import type { Beat } from '#console/web/src/live/now.ts';
import type { Moment } from './age-cell.ts';
import type { ColumnKey } from './column-list.ts';
import type { FleetStore } from './fleet-store.ts';
import { arrange } from './row-arrange.ts';
import type { RowMarks } from './row-marks.tsx';
import { viewsFor } from './row-slots.ts';
import { RowTemplate, type RowView } from './row-view.ts';
import { scrolledTo, type Window, windowOf } from './row-window.ts';
import type { SelectionStore } from './selection-store.ts';

/** What React says of the table around the rows. */
export interface Shown {
  view: readonly number[];
  columns: readonly ColumnKey[];
  rowPx: number;
  /** Of the part that scrolls. */
  heightPx: number;
  hrefOf: (id: string) => string;
}

interface BodyDeps {
  /** What scrolls, and what the rows stand in. */
  region: HTMLElement;
  body: HTMLElement;
  marks: RowMarks;
  fleet: FleetStore;
  selection: SelectionStore;
  /** Ages are counted by it. */
  beat: Beat;
}

export class TableBody {
  readonly #deps: BodyDeps;
  /** They stand for the rows out of view. */
  readonly #before = spacer();
  readonly #after = spacer();
  #views: ReadonlyMap<string, RowView> = new Map();
  #template: RowTemplate | undefined;
  #shown: Shown | undefined;
  #drawn: Window = { from: 0, to: 0 };
  /** As the region last said: asking it would lay the page out. */
  #scrollTop = 0;
  /** The device whose row had the focus last. */
  #lastId: string | undefined;

  constructor(deps: BodyDeps) {
    this.#deps = deps;
    deps.body.replaceChildren(this.#before, this.#after);
  }

  /** Follows what changes until the returned function is called. */
  start(): () => void {
    const { region, body, fleet, selection, beat } = this.#deps;
    const ending = new AbortController();
    const { signal } = ending;
    region.addEventListener('scroll', () => this.#scroll(region.scrollTop), { signal, passive: true });
    body.addEventListener('focusin', ({ target }) => this.#focus(target), { signal });
    const stops = [
      fleet.subscribe(() => this.#refresh()),
      selection.subscribe(() => this.#select()),
      beat.subscribe(() => this.#age()),
    ];
    return () => {
      ending.abort();
      for (const stop of stops) stop();
    };
  }

  show(shown: Shown): void {
    if (this.#template?.columns !== shown.columns) {
      for (const { element } of this.#views.values()) element.remove();
      this.#views = new Map();
      this.#template = new RowTemplate(shown.columns, this.#deps.marks);
    }
    this.#shown = shown;
    this.#draw();
  }

  /** Another question begins at the top. */
  toTop(): void {
    this.#scrollTo(0);
  }

  /** Its row is drawn when this returns. */
  scrollToRow(index: number): void {
    if (this.#shown === undefined) return;
    const { rowPx } = this.#shown;
    const heightPx = this.#deps.region.clientHeight;
    this.#scrollTo(scrolledTo(index, { rowPx, heightPx, scrollTop: this.#scrollTop }));
  }

  /** The device whose row holds this element. */
  deviceAt(element: Element): string | undefined {
    const row = element.closest('tr');
    return [...this.#views.values()].find((view) => view.element === row)?.id;
  }

  #scrollTo(top: number): void {
    if (top === this.#scrollTop) return;
    this.#deps.region.scrollTop = top;
    this.#scroll(top);
  }

  #scroll(top: number): void {
    if (this.#shown === undefined) return;
    this.#scrollTop = top;
    const { from, to } = this.#windowOf(this.#shown);
    if (from !== this.#drawn.from || to !== this.#drawn.to) this.#draw();
  }

  #windowOf({ view, rowPx, heightPx }: Shown): Window {
    return windowOf({ count: view.length, rowPx, heightPx, scrollTop: this.#scrollTop });
  }

  #draw(): void {
    if (this.#shown === undefined || this.#template === undefined) return;
    const { view, rowPx, hrefOf } = this.#shown;
    const { fleet, body } = this.#deps;
    const { from, to } = this.#windowOf(this.#shown);
    this.#drawn = { from, to };
    const rows = view.slice(from, to);
    const ids = rows.map((row) => fleet.rows.id[row] ?? '');
    const template = this.#template;
    const former = this.#views;
    this.#views = viewsFor(ids, former, { isHeld, make: () => template.make() });
    const moment = this.#moment;
    for (const [place, view] of [...this.#views.values()].entries()) {
      const [id = '', row = -1] = [ids[place], rows[place]];
      view.show({ id, row, index: from + place, href: hrefOf(id) }, fleet.rows, moment);
    }
    arrange(this.#views, former, { body, before: this.#before, after: this.#after });
    grow(this.#before, from * rowPx);
    grow(this.#after, (view.length - to) * rowPx);
    this.#select();
    this.#moveCursor();
  }

  /** Something of some devices is new: their rows compare stamps. */
  #refresh(): void {
    const { fleet } = this.#deps;
    const moment = this.#moment;
    for (const view of this.#views.values()) view.refresh(fleet.rowOf(view.id), fleet.rows, moment);
  }

  #select(): void {
    const { ids } = this.#deps.selection.current;
    for (const [id, view] of this.#views) view.showSelected(ids.has(id));
  }

  #age(): void {
    const { fleet } = this.#deps;
    const moment = this.#moment;
    for (const view of this.#views.values()) view.showAge(fleet.rows, moment);
  }

  /** One row is a stop on the way by Tab, the one last focused or the first in sight: arrows lead to the others. */
  #moveCursor(): void {
    const [first] = this.#views.keys();
    const cursor = this.#lastId !== undefined && this.#views.has(this.#lastId) ? this.#lastId : first;
    for (const [id, view] of this.#views) view.showCursor(id === cursor);
  }

  #focus(target: EventTarget | null): void {
    if (!(target instanceof Element) || !target.matches('[data-row]')) return;
    this.#lastId = this.deviceAt(target);
    this.#moveCursor();
  }

  get #moment(): Moment {
    return { now: this.#deps.beat.read(), hasReadings: this.#deps.fleet.hasReadings() };
  }
}

const isHeld = ({ element }: RowView): boolean => element.contains(document.activeElement);

function spacer(): HTMLElement {
  const row = document.createElement('tr');
  row.className = 'spacer';
  row.setAttribute('aria-hidden', 'true');
  return row;
}

function grow(row: HTMLElement, px: number): void {
  const height = `${px}px`;
  if (row.style.height !== height) row.style.height = height;
}
