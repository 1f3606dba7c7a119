// Programs no Windows has, by which tests make a command flood, hang, fall silent or mix its streams.
import type { Program } from './program.ts';

const MEGABYTE = Buffer.alloc(1_048_576, 'abcdefghijklmnopqrstuvwxyz012345');

/** By the word that starts them; a number behind it says how much. */
export const STAGED: Readonly<Record<string, Program>> = {
  'sim-flood': async (io) => {
    const megabytes = Number(/\d+/.exec(io.commandLine)?.[0] ?? 1);
    for (let i = 0; i < megabytes; i += 1) await io.write('stdout', MEGABYTE);
    return 0;
  },
  'sim-hang': async (io) => {
    for (;;) await io.sleep(60_000);
  },
  'sim-silence': async (io) => {
    await io.write('stdout', 'before\r\n');
    await io.sleep(Number(/\d+/.exec(io.commandLine)?.[0] ?? 100));
    await io.write('stdout', 'after\r\n');
    return 0;
  },
  'sim-interleave': async (io) => {
    for (let i = 0; i < 50; i += 1) {
      await io.write('stdout', `ö${i}\n`);
      await io.write('stderr', `ü${i}\n`);
    }
    return 3;
  },
  'sim-cat': async (io) => {
    for (let part = await io.read(); part !== undefined; part = await io.read()) await io.write('stdout', part);
    return 0;
  },
};
