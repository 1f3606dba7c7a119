// A bar of one line for work that takes a while.

const WIDTH = 30;

/** "[#########                     ] 30 % 300/1000" */
export function progressBar(done: number, total: number): string {
  const share = total <= 0 ? 0 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `[${'#'.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} % ${done}/${total}`;
}
