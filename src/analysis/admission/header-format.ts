const SPACE = ' ';

/** Whether a header value is well-formed: `%VARIABLE%` and `%VARIABLE(argument)%` stand for something, and `%%` for a percent sign. */
export function isFormatted(value: string): boolean {
  let at: 'text' | 'name' | 'argument' | 'list' | 'item' | 'quoted' | 'items' | 'list end' | 'end' = 'text';
  for (let i = 0; i < value.length; i++) {
    const c = value[i];
    switch (at) {
      case 'text':
        if (c !== '%') break;
        if (i + 1 === value.length) return false;
        if (value[i + 1] === '%') i++;
        else at = 'name';
        break;
      case 'name':
        if (c === '%') at = 'text';
        else if (c === '(') at = 'list';
        break;
      case 'list':
        if (c === '[') at = 'item';
        else if (c !== SPACE) at = 'quoted';
        break;
      case 'item':
        if (c === '"') at = 'quoted';
        else if (c !== SPACE) return false;
        break;
      case 'quoted':
        if (c === '\\' && i + 1 === value.length) return false;
        if (c === '\\') i++;
        else if (c === ')') at = 'end';
        else if (c === '"') at = 'items';
        break;
      case 'items':
        if (c === ',') at = 'item';
        else if (c === ']') at = 'list end';
        else if (c !== SPACE) return false;
        break;
      case 'list end':
        if (c === ')') at = 'end';
        else if (c !== SPACE) return false;
        break;
      case 'end':
        if (c === '%') at = 'text';
        else if (c !== SPACE) return false;
    }
  }
  return at === 'text';
}
