// Reads how a Windows machine is guarded: what watches, what is encrypted, who may do everything, what its policies ask for.
import type { Fact } from '#relay/collect/collector.ts';
import { factText, firmwareText } from '#relay/collect/fact-text.ts';
import type { FirewallFact } from '#shared/model/windows-facts.ts';
import { singleOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { bounded, orNull, sizeOf, windowsFact, wordOf } from './fact-of.ts';

const MAX_PRODUCTS = 32;
const MAX_VOLUMES = 128;
const MAX_MEMBERS = 500;
const MAX_CATEGORIES = 200;
const MAX_CERTIFICATES = 500;
const MAX_EXTENSIONS = 1_000;

export const securityFacts = (answers: ColdAnswers): Fact[] => [
  ...defenderFact(answers),
  ...antivirusFact(answers),
  ...firewallFact(answers),
  ...bitlockerFact(answers),
  ...tpmFact(answers),
  ...adminsFact(answers),
  ...passwordsFact(answers),
  ...auditFact(answers),
  ...certificatesFact(answers),
  ...securityLogFact(answers),
  ...extensionsFact(answers),
];

const defenderFact = ({ defender }: ColdAnswers): Fact[] =>
  windowsFact('defender', singleOf(defender), (row) => ({
    isEnabled: orNull(row.AntivirusEnabled),
    isRealTime: orNull(row.RealTimeProtectionEnabled),
    isTamperProtected: orNull(row.IsTamperProtected),
    mode: factText(row.AMRunningMode),
    version: factText(row.AMProductVersion),
    engine: factText(row.AMEngineVersion),
    definitions: factText(row.AntivirusSignatureVersion),
    definitionsAt: orNull(row.AntivirusSignatureLastUpdated),
  }));

/** productState: the second byte says whether it runs (0x10, 0x11 on; 0x01 expired), the third whether its definitions are of now (0x00). */
const antivirusFact = ({ antivirus }: ColdAnswers): Fact[] =>
  windowsFact('antivirus', antivirus, (rows) => ({
    products: bounded(
      rows.map(({ displayName, productState: state }) => ({
        name: factText(displayName) ?? '?',
        isOn: state === undefined ? null : (state & 0x1000) !== 0,
        isCurrent: state === undefined ? null : (state & 0xff) === 0,
      })),
      ({ name }) => name,
      MAX_PRODUCTS,
    ).list,
  }));

/** NET_FW_PROFILE_TYPE2 and NET_FW_ACTION. */
const EFFECTIVE_PROFILES = { 1: 'domain', 2: 'private', 4: 'public' } as const;
const EFFECTIVE_ACTIONS = { 0: 'block', 1: 'allow' } as const;
/** MSFT_NetFirewallProfile: 0 is off, 1 on, 2 not configured here. */
const OWN_ACTIONS = { 2: 'allow', 4: 'block' } as const;

/** What holds in the end, group policies included, where the script could tell; else the machine's own settings. */
function firewallFact({ effectiveFirewall, firewall }: ColdAnswers): Fact[] {
  if (effectiveFirewall.ok && effectiveFirewall.value.length > 0)
    return windowsFact('firewall', effectiveFirewall, (rows) =>
      profilesOf(
        rows.map((row) => ({
          name: wordOf(EFFECTIVE_PROFILES, row.Profile) ?? '?',
          isOn: orNull(row.IsOn),
          inbound: wordOf(EFFECTIVE_ACTIONS, row.Inbound),
          outbound: wordOf(EFFECTIVE_ACTIONS, row.Outbound),
        })),
      ),
    );
  return windowsFact('firewall', firewall, (rows) =>
    profilesOf(
      rows.map((row) => ({
        name: factText(row.Name?.toLowerCase()) ?? '?',
        isOn: row.Enabled === 1 ? true : row.Enabled === 0 ? false : null,
        inbound: wordOf(OWN_ACTIONS, row.DefaultInboundAction),
        outbound: wordOf(OWN_ACTIONS, row.DefaultOutboundAction),
      })),
    ),
  );
}

const profilesOf = (profiles: FirewallFact['profiles']): FirewallFact => ({
  profiles: bounded(profiles, ({ name }) => name, 3).list,
});

/** Win32_EncryptableVolume. */
const CONVERSION = {
  0: 'decrypted',
  1: 'encrypted',
  2: 'encrypting',
  3: 'decrypting',
  4: 'encryption paused',
  5: 'decryption paused',
} as const;
const METHODS = {
  0: 'none',
  1: 'AES-128 with diffuser',
  2: 'AES-256 with diffuser',
  3: 'AES-128',
  4: 'AES-256',
  5: 'hardware',
  6: 'XTS-AES-128',
  7: 'XTS-AES-256',
} as const;

const bitlockerFact = ({ bitlocker }: ColdAnswers): Fact[] =>
  windowsFact('bitlocker', bitlocker, (rows) => ({
    volumes: bounded(
      rows.map((row) => ({
        name: factText(row.DriveLetter) ?? '?',
        // VolumeType 0 is the system's.
        isSystem: row.VolumeType === undefined ? null : row.VolumeType === 0,
        // ProtectionStatus 2: nobody can say while it is locked.
        isProtected: row.ProtectionStatus === 1 ? true : row.ProtectionStatus === 0 ? false : null,
        state: wordOf(CONVERSION, row.ConversionStatus),
        method: wordOf(METHODS, row.EncryptionMethod),
      })),
      ({ name }) => name,
      MAX_VOLUMES,
    ).list,
  }));

/** No instance is an answer here: the machine has the class and no such chip. */
const tpmFact = ({ tpm }: ColdAnswers): Fact[] =>
  windowsFact('tpm', tpm, ([row]) => ({
    isPresent: row !== undefined,
    isEnabled: orNull(row?.IsEnabled_InitialValue),
    isActivated: orNull(row?.IsActivated_InitialValue),
    isOwned: orNull(row?.IsOwned_InitialValue),
    // "2.0, 0, 1.38": the first is the specification's.
    version: factText(row?.SpecVersion?.split(',')[0]),
    vendor: firmwareText(row?.ManufacturerIdTxt),
    firmware: factText(row?.ManufacturerVersion),
  }));

/** "WinNT://EXAMPLE/FS01/Administrator" is of this machine, "WinNT://EXAMPLE/alice" of the domain, "WinNT://S-1-5-21-..." of nobody any more. */
const adminsFact = ({ admins }: ColdAnswers): Fact[] =>
  windowsFact('local-admins', admins, (rows) => ({
    members: bounded(
      rows.map((row) => {
        const parts = (row.Path ?? '').replace(/^WinNT:\/\//, '').split('/');
        const place = parts.at(-2);
        const isLocal =
          place === undefined || row.Computer === undefined ? null : place.toLowerCase() === row.Computer.toLowerCase();
        const name = [place, parts.at(-1)].filter((part) => part !== undefined && part !== '').join('\\');
        return {
          name: factText(name) ?? '?',
          sid: factText(row.Sid),
          kind: factText(row.Class?.toLowerCase()),
          isLocal,
        };
      }),
      ({ name, sid }) => `${name} ${sid}`,
      MAX_MEMBERS,
    ).list,
  }));

const DAY_S = 86_400;

/** Seconds; -1 is never. */
const daysOf = (seconds: number | undefined): number | null =>
  seconds === undefined || seconds < 0 ? null : Math.round(seconds / DAY_S);

const passwordsFact = ({ passwords }: ColdAnswers): Fact[] =>
  windowsFact('password-policy', singleOf(passwords), (row) => ({
    minLength: orNull(row.MinLength),
    history: orNull(row.History),
    maxAgeDays: daysOf(row.MaxAge),
    minAgeDays: daysOf(row.MinAge),
    lockoutAfter: orNull(row.Lockout),
    lockoutMinutes: row.LockoutFor === undefined || row.LockoutFor < 0 ? null : Math.round(row.LockoutFor / 60),
  }));

/** The setting is 0 to 3: 1 records success, 2 failure. */
const auditFact = ({ audit }: ColdAnswers): Fact[] =>
  windowsFact('audit-policy', audit, (rows) => ({
    categories: bounded(
      rows.flatMap(({ Id, Name, Setting }) => {
        const id = /^\{?([0-9a-f-]{36})\}?$/i.exec(Id ?? '')?.[1]?.toLowerCase();
        return id === undefined || Setting === undefined
          ? []
          : [{ id, name: factText(Name), success: (Setting & 1) !== 0, failure: (Setting & 2) !== 0 }];
      }),
      ({ id }) => id,
      MAX_CATEGORIES,
    ).list,
  }));

const certificatesFact = ({ certificates }: ColdAnswers): Fact[] =>
  windowsFact('certificates', certificates, (rows) => ({
    certificates: bounded(
      rows.map((row) => ({
        subject: factText(row.Subject) ?? '?',
        issuer: factText(row.Issuer),
        expiresAt: orNull(row.NotAfter),
        thumbprint: factText(row.Thumbprint?.toLowerCase()),
      })),
      ({ subject, thumbprint }) => `${subject} ${thumbprint}`,
      MAX_CERTIFICATES,
    ).list,
  }));

/** Rounded to whole MiB and thousands: the log grows all day, and the fact is about its bounds. */
const MIB = 1_048_576;

const securityLogFact = ({ eventLogs }: ColdAnswers): Fact[] =>
  windowsFact('security-log', singleOf(eventLogs), (row) => {
    const size = sizeOf(row.FileSize);
    const records = row.NumberOfRecords;
    return {
      sizeBytes: size === null ? null : Math.ceil(size / MIB) * MIB,
      maxBytes: sizeOf(row.MaxFileSize),
      records: records === undefined ? null : Math.round(records / 1_000) * 1_000,
      overwrite: factText(row.OverWritePolicy),
    };
  });

const extensionsFact = ({ extensions }: ColdAnswers): Fact[] =>
  windowsFact('browser-extensions', extensions, (rows) => {
    const all = rows.flatMap((row) => {
      const id = factText(row.Id);
      // Chrome keeps half-written ones here.
      if (id === null || id === 'Temp') return [];
      const version = factText(row.Version)?.replace(/_\d+$/, '') ?? null;
      return [{ browser: factText(row.Browser) ?? '?', id, version, user: factText(row.User) }];
    });
    const key = (one: (typeof all)[number]) => `${one.browser} ${one.id} ${one.user} ${one.version}`;
    const { list, isTruncated } = bounded(
      [...new Map(all.map((one) => [key(one), one])).values()],
      key,
      MAX_EXTENSIONS,
    );
    return { extensions: list, isTruncated };
  });
