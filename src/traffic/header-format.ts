import type { Objection } from './objection';

const SPACE = ' ';

/** Whether a header value is well-formed: `%VARIABLE%` and `%VARIABLE(argument)%` stand for something, and `%%` for a percent sign. */
function isFormatted(value: string): boolean {
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

/** What Istio has against the value of a header. */
export function headerValueObjection(value: string): Objection {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u0008\u000A-\u001F\u007F]/.test(value)) return ['has control characters in its value', 'remove them'];
  return isFormatted(value) ? undefined : [`has the value '${value}', in which a '%' opens a variable that nothing closes`,
    'write %% for a percent sign, or close the variable'];
}
