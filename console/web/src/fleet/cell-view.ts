// Draws cells as plain elements: each kind knows its few nodes, and writes only what differs.
import { UNKNOWN } from '#console/web/src/text/format.ts';
import { ageLook, neverText, staleText, takenAt } from '#console/web/src/ui/age-look.ts';
import type { CellKind, CellLook, LookOf } from './cell-look.ts';
import type { RowMarks } from './row-marks.tsx';

/** A cell that stands in a row. */
export interface CellView {
  show: (look: CellLook, moment: Moment) => void;
}

/** What ages are counted by. */
export interface Moment {
  now: number;
  /** False while readings are on their way: not known yet is not never. */
  hasReadings: boolean;
}

interface Kind<K extends CellKind> {
  /** What every cell of the kind is, for the template of a row. */
  tone: string;
  content?: () => Node[];
  /** `former` is what the cell shows, undefined while it is as in the template. */
  draw: (
    cell: HTMLElement,
    look: LookOf<K>,
    former: LookOf<K> | undefined,
    context: Moment & { marks: RowMarks },
  ) => void;
}

const KINDS: { readonly [K in CellKind]: Kind<K> } = {
  text: {
    tone: 'muted',
    content: () => [new Text()],
    draw: drawText,
  },
  share: {
    tone: 'number share-cell',
    content: () => [new Text()],
    draw: (cell, { tone, text, title, filled }, former) => {
      drawText(cell, { tone, text, title }, former);
      if (filled !== former?.filled) cell.style.setProperty('--share', `${filled}%`);
    },
  },
  rate: {
    tone: 'number',
    // Its unit is quiet and of one width, so that digits stand below digits.
    content: () => [new Text(), element('span', 'unit', new Text())],
    draw: (cell, { tone, digits, unit }, former) => {
      if (tone !== former?.tone) cell.className = tone;
      if (digits !== former?.digits) write(cell, digits);
      if (unit !== former?.unit) write(cell.lastChild, unit);
    },
  },
  status: {
    tone: 'status-cell',
    draw: (cell, { status, reason }, former, { marks }) => {
      if (status === former?.status && reason === former.reason) return;
      const why = reason === '' ? [] : [entitle(element('span', 'truncate text-xs text-muted', reason), reason)];
      cell.replaceChildren(marks.status(status), ...why);
    },
  },
  polled: { tone: 'number', draw: drawPolled },
  several: {
    tone: 'tags-cell',
    draw: (cell, { texts }, former) => {
      const title = texts.join(', ');
      if (former !== undefined && title === former.texts.join(', ')) return;
      cell.replaceChildren(...texts.map((text) => element('span', 'tag shrink-0', text)));
      entitle(cell, title);
    },
  },
};

type Said = Pick<LookOf<'text'>, 'tone' | 'text' | 'title'>;

function drawText(cell: HTMLElement, { tone, text, title }: Said, former: Said | undefined): void {
  if (tone !== former?.tone) cell.className = tone;
  if (text !== former?.text) write(cell, text);
  if (title !== (former?.title ?? '')) entitle(cell, title);
}

function drawPolled(
  cell: HTMLElement,
  { at, intervalMs }: LookOf<'polled'>,
  former: LookOf<'polled'> | undefined,
  { now, hasReadings, marks }: Moment & { marks: RowMarks },
): void {
  if (!Number.isFinite(at)) {
    cell.replaceChildren(element('span', 'text-muted', hasReadings ? neverText() : UNKNOWN));
    return;
  }
  const { text, isStale, tone } = ageLook(at, now, intervalMs);
  const known = cell.firstElementChild;
  const time = known instanceof HTMLTimeElement ? known : document.createElement('time');
  if (time !== known) cell.replaceChildren(time);
  if (at !== former?.at || intervalMs !== former.intervalMs) Object.assign(time, takenAt(at, intervalMs));
  const said = isStale ? time.children[1] : time;
  if (time.className === tone && said?.textContent === text) return;
  time.className = tone;
  if (!isStale) time.replaceChildren(text);
  else {
    const seen = element('span', '', text);
    seen.setAttribute('aria-hidden', 'true');
    time.replaceChildren(marks.stale(), seen, element('span', 'sr-only', staleText(text)));
  }
}

/** Laid out as a part of a grid, it would be no cell to some readers without its role. */
export function cellOf(tone: string, ...content: Node[]): HTMLElement {
  const cell = element('td', tone, ...content);
  cell.setAttribute('role', 'cell');
  return cell;
}

/** An empty cell, for the template. */
export function emptyCell(kind: CellKind): HTMLElement {
  const { tone, content } = KINDS[kind];
  return cellOf(tone, ...(content?.() ?? []));
}

/** For a cell that is as in the template. */
export function cellView(cell: HTMLElement, marks: RowMarks): CellView {
  let former: CellLook | undefined;
  return {
    show: (look, moment) => {
      draw(cell, look, former, { ...moment, marks });
      former = look;
    },
  };
}

/** A column keeps its kind, so what was shown is of the same one. */
function draw<K extends CellKind>(
  cell: HTMLElement,
  look: LookOf<K>,
  former: CellLook | undefined,
  context: Moment & { marks: RowMarks },
): void {
  const kind = KINDS[look.kind as K]; // the look's own
  kind.draw(cell, look, former as LookOf<K> | undefined, context);
}

export function element(name: string, className: string, ...content: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  if (className !== '') made.className = className;
  made.append(...content);
  return made;
}

/** Into the one text node that comes first. */
function write(into: Node | null, text: string): void {
  if (into?.firstChild instanceof Text) into.firstChild.data = text;
}

function entitle<E extends HTMLElement>(on: E, title: string): E {
  if (title === '') on.removeAttribute('title');
  else on.title = title;
  return on;
}
