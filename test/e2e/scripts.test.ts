// The library from the console to a real sshd: a script in each shell of Linux, told hostile values, taken back when it fails, and never run unreviewed as reviewed.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { newId, ScriptId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { signerFile } from '#shared/crypto/cli-files.ts';
import { readPrivateFile } from '#shared/crypto/private-file.ts';
import type { ScriptSpec } from '#shared/model/script.ts';
import { importSigningKey } from '#shared/seal/key-pair.ts';
import { draftScript } from '#shared/seal/script-draft.ts';
import { scriptHash, scriptText, signScriptText } from '#shared/seal/script-seal.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { type Estate, makeSite, run, runOrder, startEstate, startRelay, untilKnown } from './composed-site.ts';

async function oneDevice(estate: Estate): Promise<DeviceTarget[]> {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const relay = await startRelay(estate, await makeSite(estate, 'Lab'));
  const { user, clientKeyPem } = sshd;
  new CredentialStore(path.join(relay.data, 'credentials')).add('main', {
    ...{ user, privateKey: clientKeyPem },
    binding: { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'password' },
  });
  const at = { address: '127.0.0.1', port: sshd.port, transport: 'ssh' as const };
  const made = { relayId: relay.id, name: 'srv-1', credential: 'main', intervalMs: 5_000, ...at };
  const { ids } = await estate.api.devices.createMany({ devices: [made] });
  return untilKnown(estate, ids);
}

/** As the library keeps it once its author has signed it. */
async function added(estate: Estate, file: string, text: string, spec: ScriptSpec = {}) {
  const id = ScriptId.parse(newId(systemClock.now()));
  const script = scriptText(draftScript({ file, text, spec }, { id, version: 1 }));
  const key = await importSigningKey(readPrivateFile(signerFile(estate.data)) ?? '');
  await estate.api.scripts.put({ text: script, signatures: [await signScriptText(script, key)] });
  return (await estate.api.scripts.show({ id })).shown;
}

const HOSTILE = `a'b"; touch /tmp/rmm-never; $(touch /tmp/rmm-never) \`id\``;
const TOLD: ScriptSpec = { parameters: [{ name: 'WHO', type: 'text' }] };

test('scripts of three shells run as they were reviewed, with values that stay values; hooks, rollback and readings do what they say', async () => {
  await using folder = makeTempFolder('rmm-scripts');
  const estate = await startEstate();
  const targets = await oneDevice(estate);
  const order = async (name: 'script.run' | 'script.try', shown: Awaited<ReturnType<typeof added>>, values = {}) => {
    const { text: script, hash, signatures } = shown;
    const what = { script, hash, values };
    const action =
      name === 'script.run'
        ? { name, arguments: { ...what, signatures } }
        : ({ name: 'script.try', arguments: what } as const);
    const [outcome] = await run(estate, { ...runOrder(targets, 'true'), action });
    return outcome;
  };
  const prints: ReadonlyArray<readonly [file: string, text: string]> = [
    ['a.sh', `printf %s "$WHO"`],
    ['b.bash', `set -o pipefail; [[ -n $WHO ]] && printf %s "$WHO"`],
    ['c.py', `import os, sys\nsys.stdout.write(os.environ["WHO"])`],
  ];
  for (const [file, text] of prints) {
    const outcome = await order('script.run', await added(estate, file, text, TOLD), { WHO: HOSTILE });
    expect(outcome, file).toMatchObject({ state: 'succeeded', stdout: HOSTILE });
  }

  const log = path.join(folder.path, 'log');
  const say = (word: string) => `echo ${word} >>'${log}'`;
  const hooks = {
    before: say('before'),
    rollback: say('rollback'),
    after: `echo "$RMM_OUTCOME" >>'${log}'; cat '${log}'`,
  };
  const fails = await added(estate, 'd.sh', `${say('script')}; exit 9`, hooks);
  expect(await order('script.run', fails)).toMatchObject({ state: 'failed', exitCode: 9, detail: 'rolled back' });
  const look = await order('script.try', await added(estate, 'e.sh', `cat '${log}'`));
  expect(look).toMatchObject({ state: 'succeeded', stdout: 'before\nscript\nrollback\nfailed\n' });

  const readings = [{ label: 'Queue length', series: 'queue.depth' }];
  await order('script.run', await added(estate, 'f.sh', 'echo "Queue length: 12"', { readings }));
  const last = async () => (await estate.api.metrics.last({ name: 'queue.depth', over: 'fleet' })).items;
  await expect.poll(last, { timeout: 30_000, interval: 200 }).toMatchObject([{ value: 12 }]);

  // What nobody reviewed is not taken as reviewed, and neither is a text under another's hash.
  const reviewed = await added(estate, 'g.sh', 'true');
  const edited = reviewed.text.replace('true', 'false');
  const forged = { ...reviewed, text: edited, hash: await scriptHash(edited) };
  await expect(order('script.run', forged)).rejects.toMatchObject({ code: 'SIGNATURE_MISSING' });
  await expect(order('script.run', { ...reviewed, text: edited })).rejects.toMatchObject({ code: 'MANIFEST_INVALID' });
}, 120_000);
