// The one way by which a value becomes a word of PowerShell.

/** PowerShell takes typographic quotes for plain ones, so each is doubled; between such quotes nothing else has a meaning. */
export const quoteForPowerShell = (text: string): string => `'${text.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`;
