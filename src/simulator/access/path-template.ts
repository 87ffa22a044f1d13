const SEGMENT = '[a-zA-Z0-9._~%!$&\'()+,;:@=-]';

/** Whether a path without a query is like a template, such as `/items/*` or `/items/**`. */
export function isLikeTemplate(template: string, path: string): boolean {
  const regex = template
    .split('/')
    .map(part => (part === '*' ? `${SEGMENT}+` : part === '**' ? `(?:${SEGMENT}|/)*` : part.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')))
    .join('/');
  return new RegExp(`^${regex}$`).test(path);
}
