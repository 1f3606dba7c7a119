// The dark modules of a QR code as one SVG path: each run of a row is a rectangle.

export function qrPath(modules: ReadonlyArray<readonly boolean[]>): string {
  const parts: string[] = [];
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x += 1) {
      if (row[x] !== true) continue;
      const from = x;
      while (row[x + 1] === true) x += 1;
      parts.push(`M${from} ${y}h${x - from + 1}v1H${from}z`);
    }
  });
  return parts.join('');
}
