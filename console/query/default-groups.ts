// The groups that come with the product: rules a person may change or remove, made once in the life of a database.
import type { Tx } from '#console/store/engine.ts';
import { GroupId, newId, type RandomBytes } from '#shared/base/id.ts';

export interface DefaultGroup {
  name: string;
  description: string;
  rule: string;
  /** Name of the group it narrows. */
  parent?: string;
}

/** A Linux machine with one of these is somebody's desk. */
const DISPLAY_MANAGERS = 'service=gdm,gdm3,sddm,lightdm,lxdm,xdm';

/** Each after the one it narrows. Services by the names of Windows and of the usual Linux and FreeBSD packages. */
export const DEFAULT_GROUPS: readonly DefaultGroup[] = [
  {
    name: 'Servers',
    description: 'Machines in a server case, server systems, and virtual machines without a desktop',
    rule: `type:server or os:"windows server" or (type:vm,container (system:linux or system:freebsd) -${DISPLAY_MANAGERS})`,
  },
  {
    name: 'Workstations',
    description: 'Desktops, laptops, and virtual machines with a desktop',
    rule: `-os:"windows server" (type:workstation,laptop or (type:vm (os:"windows 10","windows 11" or system:macos or ${DISPLAY_MANAGERS})))`,
  },
  {
    name: 'Domain controllers',
    description: 'Servers that hold a directory: Active Directory or Samba',
    rule: 'service=NTDS,samba-ad-dc,samba_server',
    parent: 'Servers',
  },
  {
    name: 'File servers',
    description: 'Servers that share files: Windows, Samba or NFS',
    rule: 'service=LanmanServer,smbd,smb,nfs-server,nfs-kernel-server,nfsd',
    parent: 'Servers',
  },
  {
    name: 'SQL servers',
    description: 'Servers with Microsoft SQL Server, PostgreSQL, MySQL or MariaDB',
    rule: 'service=MSSQLSERVER,MSSQL$*,postgresql,postgresql@*,postgresql-*,mysql,mysqld,mysql80,mariadb',
    parent: 'Servers',
  },
  {
    name: 'Web servers',
    description: 'Servers with IIS, nginx, Apache, Caddy or lighttpd',
    rule: 'service=W3SVC,nginx,apache2,httpd,caddy,lighttpd',
    parent: 'Servers',
  },
  {
    name: 'Laptops',
    description: 'Workstations that travel, by their case',
    rule: 'type:laptop',
    parent: 'Workstations',
  },
  {
    name: 'Desktops',
    description: 'Workstations that stay, by their case',
    rule: 'type:workstation',
    parent: 'Workstations',
  },
];

/** Makes them where that never happened. A group that has one of the names already stays as it is. */
export async function shipDefaultGroups(tx: Tx, now: number, random: RandomBytes): Promise<void> {
  const marked = await tx
    .updateTable('instance')
    .set({ groups_shipped_at: now })
    .where('groups_shipped_at', 'is', null)
    .executeTakeFirst();
  if (marked.numUpdatedRows === 0n) return;
  for (const { name, description, rule, parent } of DEFAULT_GROUPS) {
    const id = GroupId.parse(newId(now, random));
    await tx
      .insertInto('device_group')
      .values({
        id,
        name,
        description,
        kind: 'rule',
        rule,
        parent_id: parent === undefined ? null : await idOf(tx, parent),
        is_shipped: 1,
        created_at: now,
      })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute();
  }
}

/** Of the group that has the name, whoever made it. */
async function idOf(tx: Tx, name: string): Promise<string | null> {
  const row = await tx.selectFrom('device_group').select('id').where('name', '=', name).executeTakeFirst();
  return row?.id ?? null;
}
