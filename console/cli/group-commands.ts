// `rmm group ...`, `rmm tag ...`, `rmm view ...`: how people sort the fleet.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { GroupSummary } from '#shared/contract/group-contract.ts';
import { devicesNamed, groupNamed, oneOf } from './named.ts';
import { table } from './output.ts';
import { act, look } from './verb.ts';

interface GroupOptions {
  name?: string;
  description?: string;
  rule?: string;
  parent?: string;
}

const described = (command: Command): Command =>
  command
    .option('--description <text>', 'what it is for')
    .option('--rule <filter>', 'its members are the devices that fit this filter')
    .option('--parent <group>', 'a group that it narrows; "none" for none');

export function addGroupCommands(program: Command): void {
  const group = program.command('group').description('groups of devices, by hand or by a rule');
  look(group, 'list', {
    summary: 'list groups with the number of their members',
    examples: ['group list'],
    run: async ({ context }) => (await context.api.groups.list()).items,
    text: (items) => {
      const nameOf = new Map(items.map((one) => [one.id, one.name]));
      return table(
        ['NAME', 'KIND', 'DEVICES', 'NARROWS', 'RULE'],
        items.map((one) => [
          one.name,
          one.kind,
          String(one.devices),
          one.parentId === null ? '' : (nameOf.get(one.parentId) ?? one.parentId),
          one.fault === null ? (one.rule ?? '') : `${one.rule ?? ''}  (${one.fault})`,
        ]),
      );
    },
  });
  act<GroupSummary, GroupOptions>(group, 'add <name>', {
    summary: 'make a group: with --rule its members are computed, without they are put in by hand',
    examples: ['group add "SQL in Berlin" --rule "service:postgresql site:berlin"', 'group add "Before the move"'],
    options: described,
    run: async ({ context: { api }, args: [name = ''], options }) =>
      api.groups.create({
        name,
        kind: options.rule === undefined ? 'hand' : 'rule',
        ...(options.rule === undefined ? {} : { rule: options.rule }),
        ...(options.description === undefined ? {} : { description: options.description }),
        ...(options.parent === undefined ? {} : { parentId: (await groupNamed(api, options.parent)).id }),
      }),
    text: (made) => `made ${made.name} (${made.id}), ${made.devices} devices`,
  });
  act<GroupSummary, GroupOptions>(group, 'update <group>', {
    summary: 'change a group or its rule',
    examples: ['group update "SQL in Berlin" --rule "service:postgresql or service:mysql"'],
    options: (command) => described(command.option('--name <name>', 'new name')),
    run: async ({ context: { api }, args: [word = ''], options: { name, description, rule, parent } }) =>
      api.groups.update({
        id: (await groupNamed(api, word)).id,
        ...(name === undefined ? {} : { name }),
        ...(description === undefined ? {} : { description }),
        ...(rule === undefined ? {} : { rule }),
        ...(parent === undefined ? {} : { parentId: parent === 'none' ? null : (await groupNamed(api, parent)).id }),
      }),
    text: (one) => `changed ${one.name}, ${one.devices} devices`,
  });
  addMembers(group);
}

function addMembers(group: Command): void {
  const members = (usage: string, change: 'add' | 'remove', summary: string) =>
    act<{ added: number; removed: number }>(group, usage, {
      summary,
      examples: [`group ${usage.split(' ')[0]} "Before the move" web-1 web-2`],
      run: async ({ context: { api }, args: [word = '', ...names] }) => {
        if (names.length === 0) throw new AppError('bad-request', 'no device is named');
        return api.groups.changeMembers({
          id: (await groupNamed(api, word)).id,
          [change]: await devicesNamed(api, names),
        });
      },
      text: ({ added, removed }) => `${added} put in, ${removed} taken out`,
    });
  members('put <group> <devices...>', 'add', 'put devices into a group that is kept by hand');
  members('take <group> <devices...>', 'remove', 'take devices out of a group that is kept by hand');
  act<{ removed: string }>(group, 'remove <group>', {
    summary: 'remove a group; its devices stay',
    examples: ['group remove "Before the move"'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const { id } = await groupNamed(api, word);
      await api.groups.remove({ id });
      return { removed: id };
    },
    text: ({ removed }) => `removed ${removed}`,
  });
}

export function addTagCommands(program: Command): void {
  const tag = program.command('tag').description('words that people sort devices by');
  look(tag, 'list', {
    summary: 'list tags with the number of their devices',
    examples: ['tag list'],
    run: async ({ context }) => (await context.api.tags.list()).items,
    text: (items) =>
      table(
        ['TAG', 'DEVICES'],
        items.map((one) => [one.tag, String(one.devices)]),
      ),
  });
  const change = (usage: string, side: 'add' | 'remove', summary: string) =>
    act<{ devices: number }>(tag, usage, {
      summary,
      examples: [`tag ${usage.split(' ')[0]} production web-1 web-2`],
      run: async ({ context: { api }, args: [word = '', ...names] }) => {
        if (names.length === 0) throw new AppError('bad-request', 'no device is named');
        return api.tags.change({ devices: await devicesNamed(api, names), [side]: [word] });
      },
      text: ({ devices }) => `${devices} devices changed`,
    });
  change('put <tag> <devices...>', 'add', 'put a tag on devices');
  change('take <tag> <devices...>', 'remove', 'take a tag off devices');
  act<{ devices: number }>(tag, 'rename <tag> <to>', {
    summary: 'rename a tag on every device',
    examples: ['tag rename prod production'],
    run: ({ context: { api }, args: [word = '', to = ''] }) => api.tags.rename({ tag: word, to }),
    text: ({ devices }) => `renamed on ${devices} devices`,
  });
  act<{ devices: number }>(tag, 'remove <tag>', {
    summary: 'take a tag off every device',
    examples: ['tag remove retired'],
    run: ({ context: { api }, args: [word = ''] }) => api.tags.remove({ tag: word }),
    text: ({ devices }) => `taken off ${devices} devices`,
  });
}

export function addViewCommands(program: Command): void {
  const view = program.command('view').description('saved views of the fleet');
  look(view, 'list', {
    summary: 'list saved views: one’s own and shared ones',
    examples: ['view list'],
    run: async ({ context }) => (await context.api.views.list()).items,
    text: (items) =>
      table(
        ['NAME', 'WHOSE', 'FILTER', 'SORT'],
        items.map((one) => [
          one.name,
          `${one.isOwn ? 'own' : 'of others'}${one.isShared ? ', shared' : ''}`,
          String(one.search['q'] ?? ''),
          String(one.search['sort'] ?? ''),
        ]),
      ),
  });
  act<{ name: string }, { sort?: string; shared?: boolean }>(view, 'add <name> <filter...>', {
    summary: 'save a filter under a name',
    examples: ['view add "Full disks" "disk>90%" --sort -disk --shared'],
    options: (command) =>
      command.option('--sort <field>', 'a field of the filter').option('--shared', 'others see it too'),
    run: ({ context: { api }, args: [name = '', ...filter], options: { sort, shared } }) =>
      api.views.create({
        page: 'fleet',
        name,
        search: { q: filter.join(' '), ...(sort === undefined ? {} : { sort }) },
        isShared: shared === true,
      }),
    text: (made) => `saved ${made.name}`,
  });
  act<{ removed: string }>(view, 'remove <view>', {
    summary: 'forget a saved view of one’s own',
    examples: ['view remove "Full disks"'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const { items } = await api.views.list();
      const { id } = oneOf(
        'view',
        items.filter((one) => one.isOwn),
        word,
      );
      await api.views.remove({ id });
      return { removed: id };
    },
    text: ({ removed }) => `forgot ${removed}`,
  });
}
