/** Where GitHub shows a command. */
interface Properties {
  readonly file?: string;
  readonly line?: number;
  readonly title: string;
}

/** A GitHub workflow command, which becomes an annotation of a line, or without a file of the whole run. */
export function githubCommand(level: 'error' | 'warning' | 'notice', { file, line, title }: Properties, message: string): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`, ...(line === undefined ? [] : [`line=${line}`])]),
    `title=${property(title)}`,
  ];
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
