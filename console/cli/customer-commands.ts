// `rmm customer ...`: who the sites belong to.
import type { Command } from 'commander';
import { customerNamed } from './named.ts';
import { table } from './output.ts';
import { confirmRemoval, type RemovalAnswer, removalText } from './removal.ts';
import { act, look } from './verb.ts';

export function addCustomerCommands(program: Command): void {
  const customer = program.command('customer').description('who the sites belong to');
  look(customer, 'list', {
    summary: 'list customers',
    examples: ['customer list', 'customer list --json'],
    run: async ({ context }) => (await context.api.customers.list()).items,
    text: (items) =>
      table(
        ['NAME', 'SITES', 'DEVICES', 'ID'],
        items.map((one) => [one.name, String(one.sites), String(one.devices), one.id]),
      ),
  });
  act<{ id: string; name: string }, { notes?: string }>(customer, 'add <name>', {
    summary: 'make a customer',
    examples: ['customer add "Example Ltd" --notes "contract 4711"'],
    options: (command) => command.option('--notes <text>', 'what people should know'),
    run: ({ context, args: [name = ''], options }) =>
      context.api.customers.create({ name, ...(options.notes === undefined ? {} : { notes: options.notes }) }),
    text: (made) => `made ${made.name} (${made.id})`,
  });
  act<{ name: string }, { name?: string; notes?: string }>(customer, 'update <customer>', {
    summary: 'rename or describe a customer',
    examples: ['customer update "Example Ltd" --name "Example GmbH"'],
    options: (command) =>
      command.option('--name <name>', 'new name').option('--notes <text>', 'what people should know'),
    run: async ({ context: { api }, args: [word = ''], options: { name, notes } }) =>
      api.customers.update({
        id: (await customerNamed(api, word)).id,
        ...(name === undefined ? {} : { name }),
        ...(notes === undefined ? {} : { notes }),
      }),
    text: (one) => `changed ${one.name}`,
  });
  act<RemovalAnswer, { yes?: number }>(customer, 'remove <customer>', {
    summary: 'remove a customer with its sites, relays and devices',
    examples: [
      'customer remove "Example Ltd"            # shows what would go',
      'customer remove "Example Ltd" --yes 12',
    ],
    options: confirmRemoval,
    run: async ({ context: { api }, args: [word = ''], options }) => {
      const { id } = await customerNamed(api, word);
      if (options.yes === undefined) return { wouldRemove: await api.customers.removal({ id }) };
      return { removed: await api.customers.remove({ id, devices: options.yes }) };
    },
    text: removalText,
  });
}
