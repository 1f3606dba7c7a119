// A login that a real program fetches, on a real sshd: for the right machine alone, anew when it was changed, and never offered twice.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LoginHooks } from '#relay/transport/login-hooks.ts';
import { systemClock } from '#shared/base/clock.ts';
import { openSshPair } from '#test/fixtures/ssh-key-pair.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay, never } from '#test/peers/ssh-relay.ts';
import { startSshd } from '#test/peers/sshd.ts';

describe('a login that a program fetches', () => {
  async function fetching() {
    const sshd = await startSshd();
    onTestFinished(() => sshd.stop());
    const hookFolder = path.join(sshd.folder, 'hooks');
    mkdirSync(hookFolder, { mode: 0o700 });
    // A vault of the poorest kind: a file beside the program.
    const rotate = (privateKey: string) => {
      const login = { user: sshd.user, privateKey, expiresAt: '2999-01-01T00:00:00Z' };
      writeFileSync(path.join(hookFolder, 'vault.json'), JSON.stringify(login), { mode: 0o600 });
    };
    rotate(sshd.clientKeyPem);
    writeFileSync(
      path.join(hookFolder, 'laps'),
      '#!/bin/sh\ncd "$(dirname "$0")" && cat >> asked && cat vault.json\n',
      {
        mode: 0o700,
      },
    );
    const hooks = new LoginHooks({ clock: systemClock, folder: hookFolder, uid: process.getuid?.() ?? 0 });
    const folder = makeTempFolder('rmm-hook');
    const made = makeSshRelay(folder.path, { user: 'nobody', password: 'unused-one' }, { hook: 'laps', hooks });
    onTestFinished(async () => {
      await made.pool.stop();
      await folder[Symbol.asyncDispose]();
    });
    const asked = () =>
      existsSync(path.join(hookFolder, 'asked')) ? readFileSync(path.join(hookFolder, 'asked'), 'utf8') : '';
    return { sshd, relay: made, rotate, asked };
  }

  test('is fetched for the machine that showed its key, and fetched anew when it was changed between two sessions', async () => {
    const { sshd, relay, rotate, asked } = await fetching();
    const entry = relay.device(sshd.port);
    await relay.session(entry);
    expect(JSON.parse(asked())).toMatchObject({
      ...{ v: 1, hook: 'laps', credential: 'main', purpose: 'monitor' },
      device: { id: entry.device, address: '127.0.0.1', hostKey: sshd.hostKeyFingerprint },
    });
    relay.pool.drop(entry.device);
    await relay.session(entry);
    // Kept: one question.
    expect(asked().trim().split('\n')).toHaveLength(1);
    const next = openSshPair();
    writeFileSync(path.join(sshd.folder, 'authorized_keys'), `${next.public}\n`);
    rotate(next.private);
    relay.pool.drop(entry.device);
    await relay.session(entry);
    expect(asked().trim().split('\n')).toHaveLength(2);
  });

  test('is not asked for when another machine answers, and a wrong one is offered once', async () => {
    const { sshd, relay, rotate, asked } = await fetching();
    const entry = relay.device(sshd.port);
    relay.pins.set(entry.device, { macs: [], hostKey: `SHA256:${'A'.repeat(43)}` });
    expect(await relay.pool.session(entry, never)).toMatchObject({ ok: false, reason: 'host-key-changed' });
    expect(asked()).toBe('');
    relay.pins.delete(entry.device);
    rotate(openSshPair().private);
    for (let n = 0; n < 3; n += 1)
      expect(await relay.pool.session(entry, never)).toMatchObject({ ok: false, reason: 'denied' });
    expect(asked().trim().split('\n')).toHaveLength(1);
  });

  test('that is no login says so, and the device is not asked', async () => {
    const { sshd, relay, rotate } = await fetching();
    rotate('canary-no-key');
    const got = await relay.pool.session(relay.device(sshd.port), never);
    expect(got).toMatchObject({ ok: false, reason: 'credential-missing' });
    expect(got.ok ? '' : got.detail).toContain('login could not be fetched: its private key cannot be read');
  });
});
