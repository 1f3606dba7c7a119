// Moments worth a line over every chart: restarts, read from the uptime, and actions, read from the timeline.
import { useMemo } from 'react';
import type { Mark } from '#console/web/src/chart/marks.ts';
import { actionText } from '#console/web/src/happening/words.ts';
import { UPTIME } from './chart-specs.ts';
import { type History, useTimeline } from './device-data.ts';
import { restartsIn } from './restarts.ts';
import { t } from './text.ts';

export function useMarks(id: string, history: History | undefined): readonly Mark[] {
  const timeline = useTimeline(id).data;
  return useMemo(() => {
    const uptime = history?.series.find(({ name }) => name === UPTIME);
    const restarts = uptime === undefined ? [] : restartsIn(uptime);
    const actions = (timeline?.pages ?? []).flatMap(({ items }) =>
      items.flatMap((item): Mark[] =>
        item.type === 'action'
          ? [{ at: item.at, kind: 'action', text: t('markAction', { name: actionText(item.name) }) }]
          : [],
      ),
    );
    return [...restarts.map((at): Mark => ({ at, kind: 'restart', text: t('markRestart') })), ...actions].sort(
      (a, b) => a.at - b.at,
    );
  }, [history, timeline]);
}
