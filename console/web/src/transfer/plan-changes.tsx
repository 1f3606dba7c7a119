// The first changes of a plan as differences, and the sites that would be made for them.
import { integer } from '#console/web/src/text/format.ts';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { type DiffLine, type ImportItem, linesOf } from './diff-shape.ts';
import type { ImportState } from './import-data.ts';
import { t } from './text.ts';

export function PlanChanges({ plan }: { plan: ImportState }) {
  const changes = plan.items.filter(({ change }) => change !== 'same');
  const more = plan.creates + plan.updates - changes.length;
  return (
    <>
      {plan.newSites.length > 0 && <NewSites names={plan.newSites} />}
      {changes.length > 0 && (
        <ScrollArea label={t('changes')} className="table-frame max-h-[34rem]">
          <table className="table">
            <caption>{t('changes')}</caption>
            <thead>
              <tr>
                <th scope="col" className="number w-16">
                  {t('row')}
                </th>
                <th scope="col">{t('what')}</th>
                <th scope="col">{t('name')}</th>
                <th scope="col">{t('differences')}</th>
              </tr>
            </thead>
            <tbody>
              {changes.map((item) => (
                <Row key={`${item.row} ${item.name}`} item={item} />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {more > 0 && <p className="m-0 text-muted">{t('moreChanges', { count: more })}</p>}
    </>
  );
}

/** Hundreds of names are no list that anybody reads. */
const MAX_NAMES = 50;

function NewSites({ names }: { names: readonly string[] }) {
  return (
    <section className="panel p-3">
      <h2 className="section-title mb-2">{t('newSites', { count: names.length })}</h2>
      <div className="flex flex-wrap gap-1">
        {names.slice(0, MAX_NAMES).map((name) => (
          <Tag key={name} text={name} icon="site" />
        ))}
        {names.length > MAX_NAMES && (
          <span className="text-muted">{t('andMore', { count: names.length - MAX_NAMES })}</span>
        )}
      </div>
    </section>
  );
}

function Row({ item }: { item: ImportItem }) {
  const { row, change, name, site } = item;
  return (
    <tr>
      <td className="number align-top">{integer(row)}</td>
      <td className="align-top">
        {change === 'create' ? <Tag text={t('new')} tone="up" icon="plus" /> : <Tag text={t('changed')} icon="edit" />}
      </td>
      <td className="min-w-36 align-top">
        <span className="font-medium wrap-anywhere">{name}</span>
        {site !== '' && <div className="text-xs text-muted wrap-anywhere">{site}</div>}
      </td>
      <td className="w-3/5 min-w-64 align-top">
        <ul className={`m-0 list-none p-0 ${change === 'create' ? 'flex flex-wrap gap-x-5' : 'grid gap-0.5'}`}>
          {linesOf(item).map((line) => (
            <Line key={line.field} line={line} />
          ))}
        </ul>
      </td>
    </tr>
  );
}

function Line({ line: { field, from, to } }: { line: DiffLine }) {
  return (
    <li className="wrap-anywhere">
      <span className="mr-1.5 text-xs text-muted">{field}</span>
      {from !== undefined && <del className="text-muted">{from}</del>}
      {from !== undefined && <span className="text-muted"> → </span>}
      {to === undefined ? <span className="text-muted">{t('nothing')}</span> : <ins className="no-underline">{to}</ins>}
    </li>
  );
}
