// How full the filesystems of a device are, the fullest first.
import { percent, quantityText } from '#console/web/src/text/format.ts';
import { Bar } from '#console/web/src/ui/meter.tsx';
import { seriesKey } from '#shared/model/series-key.ts';
import { instancesOf } from './chart-specs.ts';
import { t } from './text.ts';

export function Filesystems({ values }: { values: Readonly<Record<string, number>> }) {
  const mounts = instancesOf(values, 'filesystem.size')
    .map((mount) => ({ mount, ratio: values[seriesKey('filesystem.used_ratio', mount)] ?? Number.NaN }))
    .sort((a, b) => (b.ratio || 0) - (a.ratio || 0));
  if (mounts.length === 0) return <p className="m-0 text-muted">{t('afterPolls')}</p>;
  return (
    <ul className="m-0 grid list-none grid-cols-1 gap-2.5 p-0">
      {mounts.map(({ mount, ratio }) => (
        <li key={mount}>
          <div className="flex items-baseline gap-2">
            <span className="min-w-0 truncate" title={mount}>
              {mount}
            </span>
            <span className="ml-auto text-xs whitespace-nowrap text-muted">
              {t('freeOf', {
                free: quantityText(values[seriesKey('filesystem.available', mount)], 'bytes'),
                size: quantityText(values[seriesKey('filesystem.size', mount)], 'bytes'),
              })}
            </span>
            <span className="w-11 text-right">{percent(ratio)}</span>
          </div>
          <div className="mt-1">
            <Bar ratio={ratio} />
          </div>
        </li>
      ))}
    </ul>
  );
}
