// Before any end-to-end file: the web console and the programs are built once, not by three files at the same moment over each other.
import { ensureRmm } from '#test/chaos/bundles.ts';

export async function setup(): Promise<void> {
  await ensureRmm((line) => void process.stdout.write(`${line}\n`));
}
