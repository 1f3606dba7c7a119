// The kit as text: every script closed and plain, names unable to break out, rights added once and taken away without a trace.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { INVOKE_RMM_JOB } from '#relay/transport/smb-queue/invoke-rmm-job.ts';
import { powershellFaults } from '#test/fixtures/powershell-shape.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { ACES, INHERITED_FORM, SDDL_FORM } from './common-part.ts';
import { kitFiles } from './kit-files.ts';
import { KitSettings, psText } from './kit-settings.ts';
import { sha256Of, windowsText } from './windows-text.ts';
import { writeKit } from './write-kit.ts';

const jobKey = '3KNG5s11BUWbQdXsMVdHHptCYqNiBK0mLE8KGBHR4mTtsA8UIRWTQmH1MpNrN2T1TQSIJfBYlZStNN75TRKQFA';
const SITE = { site: 'Lager Süd', relayAddresses: ['10.0.0.2', 'fd00::/64'], services: ['W32Time', 'MSSQL.SQL_1'] };
const plain = KitSettings.parse({ ...SITE, account: 'EXAMPLE\\RMM Readers' });
const queued = KitSettings.parse({ ...SITE, queue: { jobKey, account: 'EXAMPLE\\svc-rmm$' } });
const golden = (name: string) =>
  path.resolve(import.meta.dirname, '..', '..', '..', 'test', 'fixtures', 'windows-kit', name);
const scriptsOf = (settings: KitSettings) => kitFiles(settings).filter(({ name }) => name.endsWith('.ps1'));

test.each([...scriptsOf(plain), ...scriptsOf(queued).map((one) => ({ ...one, name: `${one.name} with a queue` }))])(
  '$name is closed, plain, and uses nothing that hides',
  ({ text, sha256 }) => {
    expect(powershellFaults(text)).toEqual([]);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(sha256).toBe(sha256Of(text));
  },
);

test.each([
  ["'", 'quote'],
  ['"$(1', 'closed'],
  ['(}', 'closes nothing'],
  ["@'\nno end\n", 'here-string'],
  ['powershell -enc AAAA\n', 'holds'],
  ['a`\n', 'backtick'],
])('a script with %j is found at fault', (text, fault) => {
  expect(powershellFaults(text).join()).toContain(fault);
});

test.each(kitFiles(plain))('$name is what it was', async ({ name, text }) => {
  await expect(text).toMatchFileSnapshot(golden(name));
});

test('the queue is written with the very script whose hash is told, and pins the key it was given', () => {
  const enable = scriptsOf(queued).find(({ name }) => name.startsWith('Enable'))?.text ?? '';
  expect(enable).toContain(windowsText(INVOKE_RMM_JOB).trimEnd());
  expect(enable).toContain(`$QueueScriptHash = '${sha256Of(windowsText(INVOKE_RMM_JOB))}'`);
  expect(enable).toContain(`$QueueKey = '${jobKey}'`);
  expect(scriptsOf(queued).find(({ name }) => name === 'Invoke-RmmJob.ps1')?.sha256).toBe(
    sha256Of(windowsText(INVOKE_RMM_JOB)),
  );
});

test('a kit without a queue makes no share, no task and opens no port 445', () => {
  for (const { text } of scriptsOf(plain)) expect(text).not.toMatch(/New-SmbShare|Register-ScheduledTask| 445/);
});

test('what the enabling script makes, the other one takes back', () => {
  const text = (name: string) => scriptsOf(queued).find((one) => one.name.startsWith(name))?.text ?? '';
  const [on, off] = [text('Enable'), text('Disable')];
  const undo: Record<string, string> = {
    'New-LocalGroup': 'Remove-LocalGroup',
    'Add-LocalGroupMember': 'Remove-LocalGroupMember',
    'New-NetFirewallRule': 'Remove-NetFirewallRule',
    'New-SmbShare': 'Remove-SmbShare',
    'Register-ScheduledTask': 'Unregister-ScheduledTask',
    'New-EventLog': 'Remove-EventLog',
    'Add-Ace $': 'Remove-Ace $',
    'WSMan:\\localhost\\Listener -Transport HTTPS': 'Remove-Item -LiteralPath $listener.PSPath',
    New_SelfSignedCertificate: 'Cert:\\LocalMachine\\My\\',
  };
  for (const [made, gone] of Object.entries(undo)) {
    expect([made, on.includes(made.replace('_', '-'))]).toEqual([made, true]);
    expect([gone, off.includes(gone)]).toEqual([gone, true]);
  }
  // Both go by the same list of grants and the same names.
  const grants = (script: string) => /\$Grants = @\(.*?\n\)/s.exec(script.replaceAll('\r', ''))?.[0];
  expect(grants(on)).toBe(grants(off));
});

test.each([
  { relayAddresses: ['relay.example'] },
  { relayAddresses: ['0.0.0.0/0'] },
  { relayAddresses: ['10.0.0.1', "10.0.0.2'; calc; '"] },
  { relayAddresses: [] },
  { account: "x'; calc; '" },
  { account: 'a\nb' },
  { account: 'DOMAIN\\sub\\name' },
  { services: ["x' + (calc)"] },
  { services: ['-x'] },
  { queue: { jobKey: 'short' } },
  { queue: { jobKey: jobKey.replace('3', "'") } },
  { site: '' },
])('settings such as %j are refused', (bad) => {
  expect(KitSettings.safeParse({ ...SITE, ...bad }).success).toBe(false);
});

test('a text stays one literal, and a site of any name stays in its comment', () => {
  expect(psText("o'brien")).toBe("'o''brien'");
  expect(() => psText('a\u2019b')).toThrow('plain');
  const strange = KitSettings.parse({ ...SITE, site: "Köln'; calc #\u2019" });
  for (const { text } of scriptsOf(strange)) expect(powershellFaults(text)).toEqual([]);
});

/** The two functions of the script, with its own patterns. */
const SID = 'S-1-5-21-1-2-3-1010';
function addAce(sddl: string, ace: string): string {
  const [, head = '', aces = '', tail = ''] = new RegExp(SDDL_FORM).exec(sddl) ?? [];
  if (head === '') throw new Error('of another form');
  if (aces.includes(`;${SID})`)) return sddl;
  const [, own, inherited] = new RegExp(INHERITED_FORM).exec(aces) ?? [];
  return own === undefined ? head + aces + ace + tail : head + own + ace + inherited + tail;
}
function removeAce(sddl: string): string {
  const [, head = '', aces = '', tail = ''] = new RegExp(SDDL_FORM).exec(sddl) ?? [];
  return head + aces.replaceAll(new RegExp(`\\([^()]*;${SID}\\)`, 'g'), '') + tail;
}

test.each([
  ['winrm', 'O:NSG:BAD:P(A;;GA;;;BA)(A;;GR;;;IU)S:P(AU;FA;GA;;;WD)(AU;SA;GXGW;;;WD)'],
  ['winrm', 'O:NSG:BAD:P(A;;GA;;;BA)(A;;GA;;;RM)S:P(AU;FA;GA;;;WD)'],
  ['wmi', 'O:BAG:BAD:(A;CIID;CCDCLCSWRPWPRCWD;;;BA)(A;CIID;CCDCRP;;;NS)(A;CIID;CCDCRP;;;LS)(A;CIID;CCDCRP;;;AU)'],
  ['log', 'O:BAG:SYD:(A;;0xf0007;;;SY)(A;;0x7;;;BA)(A;;0x1;;;S-1-5-32-573)'],
  ['manager', 'D:(A;;CC;;;AU)(A;;CCLCRPRC;;;IU)(A;;CCLCRPRC;;;SU)S:(AU;FA;KA;;;WD)(AU;OIIOFA;GA;;;WD)'],
  ['service', 'D:(D;;DCLCWPDTSD;;;IU)(A;;CCLCSWRPWPDTLOCRRC;;;SY)'],
  ['service', 'D:S:(AU;FA;KA;;;WD)'],
] as const)('a right of %s is added once, before what is inherited, and taken away without a trace', (kind, sddl) => {
  const ace = ACES[kind].replace('{0}', SID);
  const once = addAce(sddl, ace);
  expect(once).toHaveLength(sddl.length + ace.length);
  expect(once).toContain(ace);
  expect(once.slice(0, once.indexOf(ace))).not.toMatch(/;[A-Z]*ID[A-Z]*;/);
  expect(addAce(once, ace)).toBe(once);
  expect(removeAce(once)).toBe(sddl);
});

test.each(['D:(XA;;FX;;;S-1-1-0;(@User.Title=="PM"))', 'nonsense', ''])(
  'a descriptor such as %j is left alone',
  (sddl) => {
    expect(() => addAce(sddl, ACES.log)).toThrow('another form');
  },
);

test('a kit is written into a folder of its site, and what was typed wrong is said before anything is written', async () => {
  await using folder = makeTempFolder();
  const out = path.join(folder.path, 'kit');
  const said = writeKit({ site: 'Köln', relayAddress: ['10.0.0.2'], out });
  expect(said.split('\n')[0]).toBe(out);
  for (const name of readdirSync(out))
    expect(said).toContain(`${sha256Of(readFileSync(path.join(out, name), 'utf8'))}  ${name}`);
  expect(() => writeKit({ site: 'x', relayAddress: ['relay'], out: path.join(folder.path, 'none') })).toThrow(
    'IP address',
  );
  expect(() => writeKit({ site: 'x', relayAddress: ['10.0.0.2'], queueAccount: 'a', out })).toThrow('--job-key');
  expect(existsSync(path.join(folder.path, 'none'))).toBe(false);
});
