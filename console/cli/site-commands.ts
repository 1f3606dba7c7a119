// `rmm sites`, `rmm site add`, `rmm relays`, `rmm relay-token`, `rmm relay-revoke`, `rmm sign-in`, `rmm audit`.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { SiteId } from '#shared/base/id.ts';
import { contextOf, withConnection } from './command-context.ts';
import { age, duration, print, table } from './output.ts';

export function addSiteCommands(program: Command): void {
  withConnection(program.command('sites').description('list sites')).action(async (_options, command: Command) => {
    const { api, output } = await contextOf(command);
    const { items } = await api.sites.list();
    print(output, items, () =>
      table(
        ['ID', 'NAME', 'CUSTOMER', 'TIME ZONE', 'DEVICES'],
        items.map((s) => [
          s.id,
          s.isSimulated ? `${s.name} (simulated)` : s.name,
          s.customerName,
          s.timeZone,
          String(s.devices),
        ]),
      ),
    );
  });
  withConnection(
    program
      .command('site')
      .description('one site')
      .command('add <name>')
      .description('make a site')
      .option('--time-zone <zone>', 'IANA time zone', 'UTC'),
  ).action(async (name: string, options: { timeZone: string }, command: Command) => {
    const { api, output } = await contextOf(command);
    const site = await api.sites.create({ name, timeZone: options.timeZone });
    const { hasUnexportedOwner } = await api.session.me();
    const next = `\nno relay is let in before its owner signs: rmm charter first --site ${site.id} --owner-key <file>`;
    print(output, site, () => `made ${site.name} (${site.id})${hasUnexportedOwner ? '' : next}`);
  });
}

export function addRelayAdminCommands(program: Command): void {
  withConnection(program.command('relays').description('list relays and the state of their links')).action(
    async (_options, command: Command) => {
      const { api, output, clock } = await contextOf(command);
      const { items } = await api.relays.list();
      const now = clock.now();
      print(output, items, () =>
        table(
          ['ID', 'NAME', 'SITE', 'LINK', 'SEEN', 'DEVICES', 'SKEW', 'CERTIFICATE', 'VERSION'],
          items.map((r) => [
            r.id,
            r.kind === 'leaf' ? `${r.name} (leaf)` : r.name,
            r.siteName,
            r.isRevoked ? 'revoked' : r.isConnected ? 'connected' : 'away',
            age(r.lastSeenAt, now),
            String(r.devices),
            r.clockSkewMs === null ? '-' : `${r.clockSkewMs} ms`,
            r.certificateExpiresAt < now ? 'expired' : `${duration(r.certificateExpiresAt - now)} left`,
            r.version,
          ]),
        ),
      );
    },
  );
  addTokenCommand(program);
  withConnection(program.command('relay-revoke <relay>').description('revoke a relay and cut its link')).action(
    async (id: string, _options, command: Command) => {
      const { api, output } = await contextOf(command);
      await api.relays.revoke({ id });
      print(output, { revoked: id }, () => `revoked ${id}`);
    },
  );
}

interface TokenOptions {
  site: string;
  leaf?: boolean;
  uses: string;
  expires: string;
}

function addTokenCommand(program: Command): void {
  withConnection(
    program
      .command('relay-token')
      .description('make an enrolment token for a new relay; it is shown once')
      .requiredOption('--site <id>', 'site the relay will serve')
      .option('--leaf', 'for machines that watch only themselves')
      .option('--uses <count>', 'machines that may use it (leaves)', '1')
      .option('--expires <hours>', 'hours until it expires, at most 24', '1'),
  ).action(async (options: TokenOptions, command: Command) => {
    const { api, output, clock } = await contextOf(command);
    const made = await api.relays.createToken({
      siteId: SiteId.parse(options.site),
      kind: options.leaf === true ? 'leaf' : 'site',
      uses: Number(options.uses),
      expiresInMs: Number(options.expires) * 3_600_000,
    });
    const leaf = options.leaf === true ? ' --leaf' : '';
    print(
      output,
      made,
      () =>
        `On the relay's machine, within ${duration(made.expiresAt - clock.now())}:\n\n  ./rmm relay enroll --data <folder>${leaf} --owner ${made.owner} --token-stdin\n\nand paste this token:\n\n${made.token}`,
    );
  });
}

export function addSystemCommands(program: Command): void {
  withConnection(program.command('sign-in').description('print a one-time link that signs a browser in')).action(
    async (_options, command: Command) => {
      const { api, output } = await contextOf(command);
      const link = await api.session.createLink();
      print(output, link, () => link.url);
    },
  );
  const audit = program.command('audit').description('the audit trail');
  withConnection(audit.command('list').description('newest rows')).action(async (_options, command: Command) => {
    const { api, output } = await contextOf(command);
    const { items } = await api.audit.list({ limit: 50 });
    print(output, items, () =>
      table(
        ['SEQ', 'AT', 'ACTOR', 'VERB', 'RESOURCE', 'OUTCOME'],
        items.map((r) => [String(r.seq), new Date(r.at).toISOString(), r.actor, r.verb, r.resource, r.outcome]),
      ),
    );
  });
  withConnection(audit.command('verify').description('check the hash chain')).action(
    async (_options, command: Command) => {
      const { api, output } = await contextOf(command);
      const result = await api.audit.verify();
      print(output, result, () =>
        result.ok ? `${result.rows} rows, the chain holds` : `the chain breaks at row ${result.firstBadSeq}`,
      );
      if (!result.ok) throw new AppError('conflict', `audit: the chain breaks at row ${result.firstBadSeq}`);
    },
  );
}
