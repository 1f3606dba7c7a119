// The age of a device's last poll in its row: it moves with each poll and with the clock, and writes only where it reads differently.
import { UNKNOWN } from '#console/web/src/text/format.ts';
import { ageLook, neverText, staleText, takenAt, titleOf } from '#console/web/src/ui/age-look.ts';
import type { CellLook, LookOf } from './cell-look.ts';
import { element } from './element.ts';
import type { RowMarks } from './row-marks.tsx';

/** What ages are counted by. */
export interface Moment {
  now: number;
  /** False while readings are on their way: not known yet is not never. */
  hasReadings: boolean;
}

export class AgeCell {
  readonly #cell: HTMLElement;
  readonly #marks: RowMarks;
  readonly #time = document.createElement('time');
  readonly #text = new Text();
  #look: LookOf<'polled'> | undefined;
  /** What stands in the cell. */
  #tone: string | undefined;

  constructor(cell: HTMLElement, marks: RowMarks) {
    this.#cell = cell;
    this.#marks = marks;
    // The time in words is for who points at it: writing it takes longer than all else in the row.
    cell.addEventListener('pointerover', () => {
      if (this.#look !== undefined && Number.isFinite(this.#look.at)) this.#time.title = titleOf(this.#look);
    });
  }

  show(look: CellLook, { now, hasReadings }: Moment): void {
    if (look.kind !== 'polled') return;
    if (look.at !== this.#look?.at) this.#time.removeAttribute('title');
    this.#look = look;
    if (!Number.isFinite(look.at)) {
      this.#tone = undefined;
      this.#cell.replaceChildren(element('span', 'text-muted', hasReadings ? neverText() : UNKNOWN));
      return;
    }
    const { text, isStale, tone } = ageLook(look.at, now, look.intervalMs);
    this.#time.dateTime = takenAt(look.at);
    if (tone === this.#tone && text === this.#text.data) return;
    this.#text.data = text;
    if (isStale) this.#draw(tone, ...this.#stale(text));
    else if (tone !== this.#tone) this.#draw(tone, this.#text);
    this.#tone = tone;
  }

  #draw(tone: string, ...content: Node[]): void {
    this.#time.className = tone;
    this.#time.replaceChildren(...content);
    if (this.#tone === undefined) this.#cell.replaceChildren(this.#time);
  }

  /** A clock, and words for those who do not see it. */
  #stale(text: string): Node[] {
    const seen = element('span', '', this.#text);
    seen.setAttribute('aria-hidden', 'true');
    return [this.#marks.stale(), seen, element('span', 'sr-only', staleText(text))];
  }
}
