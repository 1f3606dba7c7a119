// A process of its own that reads and writes files: a hostile file can fill or crash only it, and nothing of the console lies in its memory.
import { readCsv } from './csv.ts';
import { type FileAnswer, type FileOrder, ROWS_AT_ONCE } from './file-message.ts';
import { readJson } from './json-rows.ts';
import { FileFault, type Sheet } from './sheet.ts';
import { readXlsx, writeXlsx } from './xlsx.ts';

const answer = (message: FileAnswer): Promise<void> =>
  new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });

const READERS = { csv: readCsv, json: readJson, xlsx: readXlsx } as const;

async function read({ format, bytes, maxRows }: Extract<FileOrder, { do: 'read' }>): Promise<void> {
  let sheet: Sheet;
  try {
    sheet = await READERS[format](bytes, maxRows);
  } catch (error) {
    const fault =
      error instanceof FileFault ? error.fault : { row: 1, column: null, message: 'the file cannot be read' };
    return answer({ is: 'fault', fault });
  }
  const { heading, rows, firstRow } = sheet;
  await answer({ is: 'heading', heading, firstRow });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await answer({ is: 'rows', rows: rows.slice(from, from + ROWS_AT_ONCE) });
  await answer({ is: 'end' });
}

let writing: { sheet: string; heading: string[]; rows: string[][] } | undefined;

async function take(order: FileOrder): Promise<void> {
  switch (order.do) {
    case 'read':
      return read(order);
    case 'write':
      writing = { ...order, rows: [] };
      return;
    case 'rows':
      for (const row of order.rows) writing?.rows.push(row);
      return;
    case 'end':
      if (writing !== undefined)
        await answer({ is: 'file', bytes: await writeXlsx(writing.sheet, writing.heading, writing.rows) });
  }
}

let work: Promise<void> = Promise.resolve();
// Only the console that started this process speaks to it.
process.on('message', (order) => {
  work = work.then(() => take(order as FileOrder));
});
