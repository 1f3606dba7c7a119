// Makes a thing when it is first asked for: the browser's formats take a millisecond each, and a page that opens needs one or two.

export function madeOnce<T extends {}>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
