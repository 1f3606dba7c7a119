// The one chart of the product: live, theme aware, with its gaps, its words for a screen reader, and itself as a table.
import { type ReactNode, useId, useMemo, useState } from 'react';
import 'uplot/dist/uPlot.min.css';
import './chart.css';
import { Button } from '#console/web/src/ui/button.tsx';
import { Drawing, type Pointed } from './drawing.tsx';
import { Legend } from './legend.tsx';
import { align, groupOf, type Line } from './line.ts';
import { type Mark, marksWithin } from './marks.ts';
import { SeriesTable } from './series-table.tsx';
import { type Stretch, stretchesWithin } from './stretches.ts';
import { summaryOf } from './summary.ts';
import { t } from './text.ts';

export interface TimeSeriesProps {
  title: string;
  unit: string;
  lines: readonly Line[];
  /** The span shown, in milliseconds since 1970. */
  from: number;
  to: number;
  fixedTop?: number | undefined;
  /** Restarts, actions: vertical lines with words. */
  marks?: readonly Mark[];
  /** Parts of which there is nothing, and why. */
  stretches?: readonly Stretch[];
  /** Called with the span that was dragged over, or asked for by the keys "+" and "-". */
  onZoom?: ((from: number, to: number) => void) | undefined;
  /** Groups that are off until somebody wants them. */
  quietGroups?: readonly string[];
  /** Stands beside the title. */
  choice?: ReactNode;
  height?: number;
}

const HEIGHT_PX = 148;
const NO_MARKS: readonly Mark[] = [];
const NO_GROUPS: readonly string[] = [];
const NO_STRETCHES: readonly Stretch[] = [];

export function TimeSeries(props: TimeSeriesProps) {
  const { title, unit, lines, from, to, choice, onZoom, fixedTop, height = HEIGHT_PX } = props;
  const [pointed, setPointed] = useState<Pointed>();
  const [isTable, setIsTable] = useState(false);
  const [hidden, toggle] = useHidden(props.quietGroups ?? NO_GROUPS);
  const aligned = useMemo(() => align(lines), [lines]);
  const marks = useMemo(() => marksWithin(props.marks ?? NO_MARKS, from, to), [props.marks, from, to]);
  const stretches = useMemo(
    () => stretchesWithin(props.stretches ?? NO_STRETCHES, from, to),
    [props.stretches, from, to],
  );
  const titleId = useId();
  const shown = useMemo(() => lines.filter((line) => !hidden.has(groupOf(line))), [lines, hidden]);
  return (
    <figure className="panel m-0 min-w-0 px-3 pt-1.5 pb-1.5" aria-labelledby={titleId}>
      <figcaption className="flex min-h-7 items-center gap-2">
        <span id={titleId} className="truncate font-medium" title={title}>
          {title}
        </span>
        {choice}
        <span className="grow" />
        <Button kind="quiet" isSmall aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? t('asChart') : t('asTable')}
          <span className="sr-only"> {t('ofTitle', { title })}</span>
        </Button>
      </figcaption>
      <Legend
        {...{ lines, unit, aligned, hidden }}
        pointed={isTable ? undefined : pointed}
        spanMs={to - from}
        onToggle={toggle}
      />
      {isTable ? (
        <SeriesTable {...{ title, unit, from, to, marks, stretches, height }} lines={shown} />
      ) : (
        <>
          <Drawing
            {...{ title, unit, lines, from, to, fixedTop, height, marks, stretches, hidden, aligned, pointed, onZoom }}
            onPoint={setPointed}
          />
          <p className="sr-only">{summaryOf({ title, lines: shown, unit, marks, stretches })}</p>
        </>
      )}
    </figure>
  );
}

/** Groups that are off: those that begin so, until each was switched by hand. */
function useHidden(quiet: readonly string[]): [ReadonlySet<string>, (group: string) => void] {
  const [switched, setSwitched] = useState<ReadonlyMap<string, boolean>>(new Map());
  const hidden = useMemo(() => {
    const off = new Set(quiet);
    for (const [group, isHidden] of switched) {
      if (isHidden) off.add(group);
      else off.delete(group);
    }
    return off;
  }, [quiet, switched]);
  const toggle = (group: string) => setSwitched((former) => new Map([...former, [group, !hidden.has(group)]]));
  return [hidden, toggle];
}
