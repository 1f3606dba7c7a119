// Any JSON value as a person reads it: members as pairs, lists of objects as tables, the rest as text.
import { useState } from 'react';
import { quantityText, UNKNOWN } from '#console/web/src/text/format.ts';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { isMembers, type Members } from './facts.ts';
import { en } from './text.en.ts';
import { t } from './text.ts';

/** More rows than one reads at once are drawn on demand. */
const FIRST_ROWS = 50;
/** Data from a device: deeper nesting than any fact has is shown as text. */
const MAX_DEPTH = 4;

export function FactValue({ value, name = '', depth = 0 }: { value: unknown; name?: string; depth?: number }) {
  if (depth >= MAX_DEPTH) return <>{JSON.stringify(value)}</>;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length === 0) return <span className="text-muted">{t('none')}</span>;
    if (items.every(isMembers)) return <Rows items={items} depth={depth} />;
    return <>{items.map((item) => scalarText(item, name)).join(', ')}</>;
  }
  if (isMembers(value)) return <Pairs members={value} depth={depth} />;
  return <>{scalarText(value, name)}</>;
}

function scalarText(value: unknown, name: string): string {
  if (value === null || value === undefined) return UNKNOWN;
  if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
  if (typeof value === 'number' && /bytes$/i.test(name)) return quantityText(value, 'bytes');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function Pairs({ members, depth }: { members: Members; depth: number }) {
  const entries = Object.entries(members);
  const isShort = (value: unknown) => typeof value !== 'object' || value === null;
  const short = entries.filter(([, value]) => isShort(value));
  const long = entries.filter(([, value]) => !isShort(value));
  return (
    <>
      {short.length > 0 && (
        <dl className="facts">
          {short.map(([name, value]) => (
            <div key={name} className="min-w-0">
              <dt className="text-xs text-muted">{memberName(name)}</dt>
              <dd className="m-0 line-clamp-4 break-words" title={scalarText(value, name)}>
                {scalarText(value, name)}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {long.map(([name, value]) => (
        <div key={name} className="mt-2">
          {entries.length > 1 && <div className="mb-1 text-xs text-muted">{memberName(name)}</div>}
          <FactValue value={value} name={name} depth={depth + 1} />
        </div>
      ))}
    </>
  );
}

const MEMBERS = Object.keys(en)
  .filter((key) => key.startsWith('member_'))
  .map((key) => key.slice('member_'.length));
const isKnown = (name: string): name is MemberName => MEMBERS.includes(name);
type MemberName = keyof typeof en extends infer Key ? (Key extends `member_${infer Name}` ? Name : never) : never;

/** A name of ours has its word; another reads as it is written: "isReadOnly" as "read only", bytes by their unit alone. */
function memberName(name: string): string {
  if (isKnown(name)) return t(`member_${name}`);
  return name
    .replace(/^is(?=[A-Z])/, '')
    .replace(/Bytes$/, '')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function Rows({ items, depth }: { items: readonly Members[]; depth: number }) {
  const [limit, setLimit] = useState(FIRST_ROWS);
  const names = [...new Set(items.flatMap((item) => Object.keys(item)))];
  const isNumeric = (name: string) => items.every((item) => item[name] === null || typeof item[name] === 'number');
  return (
    <ScrollArea label={t('rows', { count: items.length })}>
      <table className="plain-table w-auto min-w-[50%]">
        <thead>
          <tr>
            {names.map((name) => (
              <th key={name} scope="col" className={isNumeric(name) ? 'number' : ''}>
                {memberName(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.slice(0, limit).map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a fact have no identity but their place
            <tr key={index}>
              {names.map((name) => (
                <td key={name} className={isNumeric(name) ? 'number' : 'break-words'}>
                  <FactValue value={item[name]} name={name} depth={depth + 1} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {items.length > limit && (
        <button type="button" className="button mt-2" onClick={() => setLimit(items.length)}>
          {t('showAll', { count: items.length })}
        </button>
      )}
    </ScrollArea>
  );
}
