// Reads what is installed on a Windows machine, what it starts by itself, and what waits to be installed.
import type { Fact } from '#relay/collect/collector.ts';
import { factText } from '#relay/collect/fact-text.ts';
import { rowsOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { bounded, factOf, orNull, windowsFact } from './fact-of.ts';

/** With its publisher a program takes up to 900 characters; 3,000 of usual length stay below the bound of a fact. */
const MAX_PACKAGES = 3_000;
const MAX_SERVICES = 1_000;
const MAX_USERS = 1_000;
const MAX_ENTRIES = 1_000;

export const softwareFacts = (answers: ColdAnswers): Fact[] => [
  ...packagesFact(answers),
  ...storeAppsFact(answers),
  ...servicesFact(answers),
  ...usersFact(answers),
  ...hotfixesFact(answers),
  ...startupFact(answers),
  ...tasksFact(answers),
  ...updatesFact(answers),
  ...rebootFact(answers),
];

const packagesFact = ({ apps }: ColdAnswers): Fact[] =>
  factOf('packages', apps, (rows) => {
    const all = rows.flatMap((row) => {
      const name = factText(row.Name);
      if (name === null) return [];
      return [{ name, version: factText(row.Version), arch: factText(row.Arch), publisher: factText(row.Publisher) }];
    });
    // A 32-bit Windows shows the same keys in both views.
    const key = (one: (typeof all)[number]) => `${one.name} ${one.version} ${one.arch} ${one.publisher}`;
    const { list, isTruncated } = bounded([...new Map(all.map((one) => [key(one), one])).values()], key, MAX_PACKAGES);
    return { manager: 'windows', packages: list, isTruncated };
  });

const storeAppsFact = ({ storeApps }: ColdAnswers): Fact[] =>
  windowsFact('store-apps', storeApps, (rows) => {
    const { list, isTruncated } = bounded(
      rows.map((row) => ({
        name: factText(row.Name) ?? '?',
        version: factText(row.Version),
        vendor: factText(row.Vendor),
        arch: factText(row.Architecture),
      })),
      ({ name, version, arch }) => `${name} ${version} ${arch}`,
      MAX_ENTRIES,
    );
    return { apps: list, isTruncated };
  });

/** ERROR_SERVICE_NEVER_STARTED. */
const NEVER_STARTED = 1_077;

/** In the words of systemd, so that pages and filters need one: active, inactive, failed; the state is Windows' own. */
const servicesFact = ({ services }: ColdAnswers): Fact[] =>
  factOf('services', services, (rows) => ({
    services: bounded(
      rows.flatMap((row) => {
        const name = factText(row.Name);
        if (name === null) return [];
        const isRunning = row.State === 'Running';
        const hasFailed =
          row.State === 'Stopped' &&
          row.StartMode === 'Auto' &&
          row.ExitCode !== undefined &&
          row.ExitCode !== 0 &&
          row.ExitCode !== NEVER_STARTED;
        return [
          {
            name,
            active: row.State === undefined ? null : isRunning ? 'active' : hasFailed ? 'failed' : 'inactive',
            state: factText(row.State?.toLowerCase()),
            description: factText(row.DisplayName),
            startMode: factText(row.StartMode?.toLowerCase()),
            account: factText(row.StartName),
            path: factText(row.PathName),
          },
        ];
      }),
      ({ name }) => name,
      MAX_SERVICES,
    ).list,
  }));

/** People before the accounts that Windows made: those have relative ids below 1000. */
const usersFact = (answers: ColdAnswers): Fact[] => {
  const [computer] = rowsOf(answers.computer) ?? [];
  return factOf('users', answers.users, (rows) => ({
    users: bounded(
      rows.flatMap((row) => {
        const name = factText(row.Name);
        if (name === null) return [];
        const rid = /^S-1-5-21-\d+-\d+-\d+-(\d{1,10})$/.exec(row.SID ?? '')?.[1];
        return [
          {
            name,
            fullName: factText(row.FullName),
            uid: rid === undefined ? null : Number(rid),
            gid: null,
            home: null,
            shell: null,
            isDisabled: orNull(row.Disabled),
            isLocked: orNull(row.Lockout),
            needsPassword: orNull(row.PasswordRequired),
            passwordExpires: orNull(row.PasswordExpires),
          },
        ];
      }),
      ({ name, uid }) => `${uid !== null && uid >= 1_000 ? 0 : 1} ${name}`,
      MAX_USERS,
    ).list,
    signedIn: factText(computer?.UserName),
  }));
};

const hotfixesFact = ({ hotfixes }: ColdAnswers): Fact[] =>
  windowsFact('hotfixes', hotfixes, (rows) => ({
    hotfixes: bounded(
      rows.flatMap((row) => {
        const id = factText(row.HotFixID);
        if (id === null || id === 'File 1') return [];
        return [
          {
            id,
            kind: factText(row.Description),
            installedOn: factText(row.InstalledOn),
            installedBy: factText(row.InstalledBy),
          },
        ];
      }),
      ({ id }) => id,
      MAX_ENTRIES,
    ).list,
  }));

const startupFact = ({ startup }: ColdAnswers): Fact[] =>
  windowsFact('startup', startup, (rows) => ({
    entries: bounded(
      rows.map((row) => ({
        name: factText(row.Name) ?? '?',
        command: factText(row.Command),
        location: factText(row.Location),
        user: factText(row.User),
      })),
      ({ name, location, user }) => `${name} ${location} ${user}`,
      MAX_ENTRIES,
    ).list,
  }));

/** MSFT_ScheduledTask.State: 1 is disabled; ready and running are the same thing at another moment. */
const TASK_DISABLED = 1;

const tasksFact = ({ tasks }: ColdAnswers): Fact[] =>
  windowsFact('tasks', tasks, (rows) => {
    const { list, isTruncated } = bounded(
      rows.map((row) => ({
        path: factText(`${row.TaskPath ?? ''}${row.TaskName ?? ''}`) ?? '?',
        author: factText(row.Author),
        isEnabled: row.State === undefined ? null : row.State !== TASK_DISABLED,
      })),
      ({ path }) => path,
      MAX_ENTRIES,
    );
    return { tasks: list, isTruncated };
  });

/** Of the update agent: security updates and critical updates, by the ids of their categories. */
const SECURITY_CATEGORIES = new Set(['0fa1201d-4330-4fa8-8ae9-b877473b6441', 'e6cf1350-c01b-414d-a61f-263d14d133b4']);
/** UpdateType: 1 is software, 2 a driver. */
const DRIVER = 2;

function updatesFact(answers: ColdAnswers): Fact[] {
  const [times] = rowsOf(answers.updateTimes) ?? [];
  return windowsFact('updates', answers.updates, (rows) => {
    const { list, isTruncated } = bounded(
      rows.map((row) => ({
        title: factText(row.Title) ?? '?',
        kb: (row.Kb ?? []).slice(0, 8).flatMap((kb) => factText(kb) ?? []),
        severity: factText(row.Severity),
        isSecurity: (row.Categories ?? []).some((id) => SECURITY_CATEGORIES.has(id.toLowerCase())),
        isDriver: row.Kind === DRIVER,
        isDownloaded: orNull(row.Downloaded),
      })),
      ({ title }) => title,
      MAX_ENTRIES,
    );
    return {
      pending: list,
      isTruncated,
      lastSearchAt: orNull(times?.SearchedAt),
      lastInstallAt: orNull(times?.InstalledAt),
    };
  });
}

const rebootFact = ({ reboot }: ColdAnswers): Fact[] =>
  windowsFact('reboot', reboot, (rows) => {
    const reasons = [...new Set(rows.flatMap(({ Reason }) => factText(Reason) ?? []))].sort((a, b) => (a < b ? -1 : 1));
    return { isPending: reasons.length > 0, reasons: reasons.slice(0, 8) };
  });
