/** Fields of Envoy's configuration in words, such as `max connections 100`. Only equal values have equal words. Empty without fields. */
export function fieldWords(message: object = {}): string {
  return fieldsOf(message).filter(([, value]) => value !== undefined).map(([field, value]) => fieldText(field, value)).sort().join(', ');
}

function fieldText(field: string, value: unknown): string {
  if (field === '@type') return `type ${String(value).replace(/^.*[./]/, '')}`;
  const name = nameWords(field);
  if (value === true) return name;
  if (value === false) return `no ${name}`;
  const text = valueText(value);
  return text === '' ? name : `${name} ${typeof value === 'object' && !isWrapped(value) ? `(${text})` : text}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return /^[\w./:*@~-]+$/.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(valueText).join('; ');
  return isWrapped(value) ? valueText(value.value) : fieldWords(value);
}

/** Whether a value is a number or a percentage wrapped in a message. */
function isWrapped(value: object | null): value is { readonly value: number } {
  return value !== null && 'value' in value && typeof value.value === 'number' && Object.keys(value).length === 1;
}

function nameWords(field: string): string {
  return field.replace(/^envoy\..*\./, '').replace(/_/g, ' ').replace(/[A-Z]/g, letter => ` ${letter.toLowerCase()}`);
}

function fieldsOf(message: object): readonly (readonly [string, unknown])[] {
  return Object.entries(message);
}

/** An explanation in parentheses. Empty without words. */
export function inParentheses(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
