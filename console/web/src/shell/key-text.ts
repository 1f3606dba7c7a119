// A key as it is printed on this machine's keyboard.

const isApple = typeof navigator !== 'undefined' && /Mac|iP(hone|ad|od)/.test(navigator.platform);

export const keyText = (key: string): string =>
  key.replace(/^Mod\+(\w+)$/, (_, letter: string) =>
    isApple ? `⌘${letter.toUpperCase()}` : `Ctrl+${letter.toUpperCase()}`,
  );
