// docs/edr.md says what the scripts do: each program, port, task, rule and hash that stands in one of them stands on the page.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { EVENT_FILTERS } from '#relay/collect/event-log.ts';
import { questionScript } from '#relay/collect/windows/ask-script.ts';
import { COLD, SCRIPTED } from '#relay/collect/windows/cold-questions.ts';
import { eventQuestions } from '#relay/collect/windows/event-questions.ts';
import { HOT_QUESTIONS } from '#relay/collect/windows/windows-questions.ts';
import { WINDOWS_SCRIPTS } from '#relay/execute/actions/windows/windows-scripts.ts';
import { INVOKE_RMM_JOB } from '#relay/transport/smb-queue/invoke-rmm-job.ts';
import { windowsIdentityScript } from '#relay/transport/windows-identity-script.ts';
import { POWERSHELL, powershellBlock } from '#relay/transport/winrm/powershell.ts';
import { powershellFaults } from '#test/fixtures/powershell-shape.ts';
import { kitFiles } from './kit-files.ts';
import { KitSettings } from './kit-settings.ts';
import { sha256Of, windowsText } from './windows-text.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '..', '..', '..', 'docs', 'edr.md'), 'utf8');
const jobKey = '3KNG5s11BUWbQdXsMVdHHptCYqNiBK0mLE8KGBHR4mTtsA8UIRWTQmH1MpNrN2T1TQSIJfBYlZStNN75TRKQFA';
const settings = KitSettings.parse({ site: 'x', relayAddresses: ['10.0.0.2'], services: [], queue: { jobKey } });
const scripts = kitFiles(settings).map(({ text }) => text.replaceAll('\r', ''));
const all = (pattern: RegExp) =>
  new Set(scripts.flatMap((text) => [...text.matchAll(pattern)].map(([, word = '']) => word)));

test('the hash on the page is that of the script on the disk', () => {
  expect(page).toContain(sha256Of(windowsText(INVOKE_RMM_JOB)));
});

test.each([
  ['program', /([A-Za-z0-9]+\.exe)/g, 2],
  ['task', /-TaskName "(RMM Queue )\$/g, 1],
  ['rule of the firewall', /Rule = '(RMM-[^']+)'/g, 2],
  ['registry key of ours', /'(HKLM:\\SOFTWARE\\RMM [A-Za-z]+)'/g, 1],
  ['event log of ours', /-LogName '([^']+)'/g, 1],
  ['key of ours', /'(RMM Queue Device)'/g, 1],
  ['certificate of ours', /\$CertificateName = '([^']+)'/g, 1],
  ['group', /Group = '([^']+)'/g, 2],
  ['switch of PowerShell', /(-ExecutionPolicy [A-Za-z]+)/g, 1],
])('each %s of a script stands on the page', (_, pattern, least) => {
  const words = all(pattern);
  expect(words.size).toBeGreaterThanOrEqual(least);
  for (const word of words) expect(page).toContain(word.replace('HKLM:', 'HKLM'));
});

test('each port that a script opens, and the command line of WinRM, stand on the page', () => {
  const ports = all(/Enable-Rule \$\w+ '[^']+' (\d+)/g);
  expect(ports).toEqual(new Set(['5986', '445']));
  for (const port of ports) expect(page).toContain(`TCP ${port}`);
  expect(page).toContain([POWERSHELL.program, ...POWERSHELL.args.slice(0, -1)].join(' '));
});

test('the page counts the namespaces and logs that get an entry', () => {
  const enable = scripts[0] ?? '';
  expect([...enable.matchAll(/Kind = 'wmi'/g), ...enable.matchAll(/Kind = 'log'/g)]).toHaveLength(7 + 5);
  expect(page).toContain('seven namespaces of WMI and of five event logs');
});

/** What a relay asks a machine with by itself. */
const limits = { timeoutMs: 1, maxOutputBytes: 1, maxRows: 1 };
const asked = [
  windowsIdentityScript('rmm-0'),
  questionScript('rmm-0', HOT_QUESTIONS, { tier: 'hot', ...limits }),
  questionScript('rmm-0', { ...COLD, ...SCRIPTED }, { tier: 'cold', ...limits }),
  questionScript('rmm-0', eventQuestions(EVENT_FILTERS, {}), { tier: 'events', ...limits }),
];

test('each program that a question over WinRM starts stands on the page, and the scripts begin as it says', () => {
  const programs = new Set(
    [...asked, WINDOWS_SCRIPTS['service.restart']?.({ service: 'x' }) ?? '', powershellBlock('x')].flatMap((text) => [
      ...(text.match(/[A-Za-z0-9]+\.(?:exe|com|cmd|bat)\b/g) ?? []),
      ...(text.match(/\b(?:Start-Process|Invoke-CimMethod|Invoke-Expression)\b/g) ?? []),
    ]),
  );
  expect(programs).toEqual(new Set(['auditpol.exe']));
  for (const program of programs) expect(page).toContain(program);
  for (const text of asked) {
    expect(text).toMatch(/^# rmm (identity|hot|cold|events) windows 1\n/);
    // Quotes and brackets are closed, and nothing in it hides, downloads or loosens anything.
    expect(powershellFaults(text)).toEqual([]);
  }
});
