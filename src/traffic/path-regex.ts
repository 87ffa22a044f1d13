/** A regex that begins with a letter or digit of its own, which no alternative or quantifier takes back. */
const BEGINS_WITHOUT_SLASH = /^\^?[A-Za-z0-9_-](?![?*{])[^|]*$/;

/** Whether a regex of a path begins with something else than the slash of every path. */
export function beginsWithoutSlash(regex: string): boolean {
  return BEGINS_WITHOUT_SLASH.test(regex);
}

/** Whether each text of a regex has a literal `?`: one that neither a quantifier nor a group or alternative makes optional. */
export function needsQuery(regex: string): boolean {
  return /\\\?(?![?*{])|\[\?\](?![?*{])/.test(regex) && !/[|()]/.test(regex);
}
