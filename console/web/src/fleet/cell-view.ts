// Draws cells as plain elements: each kind knows its few nodes, and writes only what differs.
import { AgeCell, type Moment } from './age-cell.ts';
import type { CellKind, CellLook, LookOf } from './cell-look.ts';
import { element } from './element.ts';
import type { RowMarks } from './row-marks.tsx';

/** A cell that stands in a row. */
export interface CellView {
  show: (look: CellLook, moment: Moment) => void;
}

interface Kind<K extends DrawnKind> {
  /** What every cell of the kind is, for the template of a row. */
  tone: string;
  content?: () => Node[];
  /** `former` is what the cell shows, undefined while it is as in the template. */
  draw: (cell: HTMLElement, look: LookOf<K>, former: LookOf<K> | undefined, marks: RowMarks) => void;
}

/** An age draws itself: it moves with the clock too. */
type DrawnKind = Exclude<CellKind, 'polled'>;

const KINDS: { readonly [K in DrawnKind]: Kind<K> } = {
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
    draw: (cell, { status, isAway, reason }, former, marks) => {
      if (status === former?.status && reason === former.reason) return;
      const why = reason === '' ? [] : [entitle(element('span', 'truncate text-xs text-muted', reason), reason)];
      cell.replaceChildren(marks.status(status, isAway), ...why);
    },
  },
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

/** Laid out as a part of a grid, it would be no cell to some readers without its role. */
export function cellOf(tone: string, ...content: Node[]): HTMLElement {
  const cell = element('td', tone, ...content);
  cell.setAttribute('role', 'cell');
  return cell;
}

/** An empty cell, for the template. */
export function emptyCell(kind: CellKind): HTMLElement {
  if (kind === 'polled') return cellOf('number');
  const { tone, content } = KINDS[kind];
  return cellOf(tone, ...(content?.() ?? []));
}

/** For a cell that is as in the template. */
export function cellView(kind: CellKind, cell: HTMLElement, marks: RowMarks): CellView {
  if (kind === 'polled') return new AgeCell(cell, marks);
  let former: CellLook | undefined;
  return {
    show: (look) => {
      draw(kind, cell, { look, former }, marks);
      former = look;
    },
  };
}

/** A column keeps its kind, so what was shown is of the same one. */
function draw<K extends DrawnKind>(
  kind: K,
  cell: HTMLElement,
  looks: { look: CellLook; former: CellLook | undefined },
  marks: RowMarks,
): void {
  KINDS[kind].draw(cell, looks.look as LookOf<K>, looks.former as LookOf<K> | undefined, marks); // both of the column's kind
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
