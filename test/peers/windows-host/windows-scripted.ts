// What a simulated Windows machine keeps outside of its CIM repository, by the name of the relay's question: rows as PowerShell would give them.
import type { CimValue } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';

export type ScriptedRow = Readonly<Record<string, CimValue>>;

const DAY_MS = 86_400_000;

const PROGRAMS: ReadonlyArray<readonly [string, string, string, string]> = [
  ['7-Zip 23.01 (x64)', '23.01', 'Igor Pavlov', 'x64'],
  ['Mozilla Firefox ESR (x64 en-US)', '115.7.0', 'Mozilla', 'x64'],
  ['Simulated Agent', '1.4.2', 'RMM Lab', 'x86'],
  ['Adobe Flash Player 32 NPAPI', '32.0.0.465', 'Adobe', 'x86'],
];

const admins = (machine: MachineView): ScriptedRow[] =>
  ['Administrator', 'monitor'].map((name, i) => ({
    Path: `WinNT://WORKGROUP/${machine.name}/${name}`,
    Class: 'User',
    Sid: `S-1-5-21-1000-2000-${3_000 + machine.base.index}-${i === 0 ? 500 : 1_001}`,
    Computer: machine.name,
  }));

const ANSWERS: Readonly<Record<string, (machine: MachineView) => readonly ScriptedRow[]>> = {
  apps: () => PROGRAMS.map(([Name, Version, Publisher, Arch]) => ({ Name, Version, Publisher, Arch })),
  admins,
  passwords: (machine) => [
    {
      MinLength: machine.base.index % 7 === 3 ? 0 : 14,
      History: 24,
      MaxAge: 42 * 86_400,
      MinAge: 86_400,
      Lockout: 10,
      LockoutFor: 600,
    },
  ],
  audit: () => [
    { Id: '{0cce9215-69ae-11d9-bed3-505054503030}', Name: 'Logon', Setting: 3 },
    { Id: '{0cce9217-69ae-11d9-bed3-505054503030}', Name: 'Account Lockout', Setting: 2 },
  ],
  updates: ({ trouble }) =>
    (trouble.needsUpdate === false ? [] : [0]).map(() => ({
      Title: '2024-02 Cumulative Update (simulated)',
      Kb: ['KB5034770'],
      Severity: 'Critical',
      Kind: 1,
      Downloaded: true,
      Categories: ['0fa1201d-4330-4fa8-8ae9-b877473b6441'],
    })),
  updateTimes: (machine) => [
    {
      SearchedAt: { at: machine.now() - DAY_MS },
      InstalledAt: { at: machine.trouble.updatedAt ?? machine.now() - 20 * DAY_MS },
    },
  ],
  reboot: ({ trouble, base }) =>
    (trouble.isRebootPending ?? base.index % 11 === 4) ? [{ Reason: 'windows-update' }] : [],
  certificates: (machine) => [
    {
      Subject: `CN=${machine.name}`,
      Issuer: `CN=${machine.name}`,
      NotAfter: {
        at: machine.trouble.certificateEndsAt ?? machine.now() + (machine.base.index % 9 === 2 ? 5 : 300) * DAY_MS,
      },
      Thumbprint: machine.machineGuid.replaceAll('-', '').toUpperCase().padEnd(40, '0'),
    },
  ],
  effectiveFirewall: () => [1, 2, 4].map((Profile) => ({ Profile, IsOn: true, Inbound: 0, Outbound: 1 })),
  extensions: (machine) =>
    machine.isServer
      ? []
      : [{ Browser: 'edge', Id: 'abcdefghijklmnopabcdefghijklmnop', Version: '1.2.3_0', User: 'user' }],
};

/** Undefined where this machine has no such thing. */
export const scriptedRows = (name: string, machine: MachineView): readonly ScriptedRow[] | undefined =>
  ANSWERS[name]?.(machine);
