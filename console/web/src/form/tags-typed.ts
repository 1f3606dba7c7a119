// Words that one types become tags.

/** As the console takes it. */
const TAG = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u;

/** What the tags become with a typed text, and what of it is no tag. */
export function withTyped(tags: readonly string[], typed: string): { tags: string[]; wrong: string } {
  const words = typed
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== '');
  const good = words.filter((word) => TAG.test(word));
  return { tags: [...new Set([...tags, ...good])], wrong: words.filter((word) => !TAG.test(word)).join(' ') };
}
