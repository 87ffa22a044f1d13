/** An encoded token, which the Terraform CDK replaces with an expression. */
const TOKEN = '\\$\\{TfToken\\[';

/** A dollar sign before a token would escape its expression; `${` and `%{` would start an expression or directive. */
const SPECIAL = new RegExp(`\\$+(?=${TOKEN})|(?!${TOKEN})\\$\\{|%\\{`, 'g');

/**
 * A string escaped for Terraform's templates, in which `${` and `%{` start an expression or a directive. Tokens of the Terraform CDK stay.
 */
function templateString(value: string): string {
  return value.replace(SPECIAL, found => {
    if (found === '${') return '$${';
    return found === '%{' ? '%%{' : `\${"${found}"}`;
  });
}

/** A JSON value with all strings, including keys, escaped for Terraform's templates. */
export function templateValue(value: unknown): unknown {
  if (typeof value === 'string') return templateString(value);
  if (Array.isArray(value)) return value.map(templateValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [templateString(key), templateValue(child)]));
}
