// A chosen file: which format its ending names, and its bytes as the API takes them.
import type { FileFormat } from '#shared/contract/import-contract.ts';

/** The API's own limit. */
export const MAX_BYTES = 12 * 1024 * 1024;

export function formatOf(name: string): FileFormat | undefined {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  return ending === 'csv' || ending === 'json' || ending === 'xlsx' ? ending : undefined;
}

/** Base64 of the file; the browser's own reader does it without holding the page up. */
export function base64Of(file: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => reject(reader.error ?? new DOMException('unread', 'NotReadableError')));
    reader.addEventListener('load', () => resolve(String(reader.result).replace(/^[^,]*,/, '')));
    reader.readAsDataURL(file);
  });
}

/** Hands a file to the person, under the name it came with. */
export function saveFile(file: Blob, fallback: string): string {
  const name = file instanceof File && file.name !== '' && file.name !== 'blob' ? file.name : fallback;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken it once the press is over.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
  return name;
}
