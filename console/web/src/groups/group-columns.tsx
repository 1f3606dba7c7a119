// The columns of the table of groups, and what can be done with each.
import type { GroupRow } from '#console/web/src/form/estate-lists.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { RowMenu } from '#console/web/src/ui/row-menu.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { DevicesLink } from './devices-link.tsx';
import { groupFilter } from './label-filter.ts';
import { t } from './text.ts';

export type OpenGroup = { what: 'add' } | { what: 'edit' | 'remove' | 'metrics'; group: GroupRow };

export function groupColumns(
  groups: readonly GroupRow[],
  onOpen: (open: OpenGroup) => void,
): ReadonlyArray<Column<GroupRow>> {
  const nameOf = new Map<string, string>(groups.map(({ id, name }) => [id, name]));
  const parentOf = ({ parentId }: GroupRow) => (parentId === null ? '' : (nameOf.get(parentId) ?? ''));
  return [
    {
      key: 'name',
      title: t('name'),
      className: 'min-w-44',
      sortBy: ({ name }) => name,
      cell: (group) => <Name group={group} />,
    },
    {
      key: 'devices',
      title: t('devicesHead'),
      isNumber: true,
      sortBy: ({ devices }) => devices,
      cell: ({ name, devices }) => <DevicesLink count={devices} q={groupFilter(name)} />,
    },
    {
      key: 'members',
      title: t('members'),
      className: 'hidden w-2/5 min-w-56 sm:table-cell',
      sortBy: ({ kind, rule }) => `${kind} ${rule ?? ''}`,
      cell: (group) => <Members group={group} />,
    },
    { key: 'narrows', title: t('narrows'), sortBy: parentOf, cell: parentOf, className: 'hidden md:table-cell' },
    {
      key: 'menu',
      title: t('actions'),
      className: 'w-px head-quiet',
      cell: (group) => <GroupMenu group={group} onOpen={onOpen} />,
    },
  ];
}

function Name({ group }: { group: GroupRow }) {
  const { name, description, isShipped } = group;
  return (
    <>
      <span className="flex flex-wrap items-center gap-2">
        <span className="font-medium wrap-anywhere">{name}</span>
        {isShipped && <Tag text={t('shipped')} />}
      </span>
      {description !== '' && <div className="text-xs text-muted">{description}</div>}
      <div className="mt-1 sm:hidden">
        <Members group={group} />
      </div>
    </>
  );
}

function Members({ group: { kind, rule, fault } }: { group: GroupRow }) {
  if (kind === 'hand') return <span className="text-muted">{t('byHand')}</span>;
  return (
    <>
      <code className="code text-xs wrap-anywhere">{rule}</code>
      {fault !== null && (
        <p className="m-0 mt-0.5 flex items-start gap-1.5 text-xs text-down">
          <Icon name="warning" className="mt-px size-3.5" />
          {t('ruleBroken', { fault })}
        </p>
      )}
    </>
  );
}

function GroupMenu({ group, onOpen }: { group: GroupRow; onOpen: (open: OpenGroup) => void }) {
  return (
    <RowMenu
      label={t('actionsOf', { name: group.name })}
      items={[
        {
          key: 'edit',
          text: t('edit'),
          icon: 'edit',
          needs: 'group.write',
          onSelect: () => onOpen({ what: 'edit', group }),
        },
        {
          key: 'metrics',
          text: t('metrics'),
          icon: 'external',
          needs: 'metric.read',
          onSelect: () => onOpen({ what: 'metrics', group }),
        },
        {
          key: 'remove',
          text: t('removeGroup'),
          icon: 'trash',
          needs: 'group.remove',
          isDanger: true,
          isFirstOfGroup: true,
          onSelect: () => onOpen({ what: 'remove', group }),
        },
      ]}
    />
  );
}
