/** An encoded value of the Terraform CDK, which it replaces by an expression. */
const TOKEN = '\\$\\{TfToken\\[';

/** Dollars right before a token would escape the expression that it becomes; `${` and `%{` would start one. */
const SPECIAL = new RegExp(`\\$+(?=${TOKEN})|(?!${TOKEN})\\$\\{|%\\{`, 'g');

/**
 * A text as Terraform's templates have to spell it, so that it comes out as it is: `${` and `%{` open an expression and a directive there. The Terraform
 * CDK's own tokens stay.
 */
function templateText(text: string): string {
  return text.replace(SPECIAL, found => {
    if (found === '${') return '$${';
    return found === '%{' ? '%%{' : `\${"${found}"}`;
  });
}

/** A JSON value whose texts, keys included, are spelled for Terraform's templates. */
export function templateValue(value: unknown): unknown {
  if (typeof value === 'string') return templateText(value);
  if (Array.isArray(value)) return value.map(templateValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [templateText(key), templateValue(child)]));
}
