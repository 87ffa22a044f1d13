/** GitHub Actions obeys a line that begins so. */
const AT_BEGIN = /^(\s*):(?=:)/;
/** GitHub Actions, Azure Pipelines and TeamCity obey these anywhere in a line. */
const ANYWHERE = /#(?=#(?:\[|vso\[|teamcity\[))/g;

/** A line that commands nothing to a pipeline in whose log it stands. */
export function withoutCommands(line: string): string {
  return line.includes('::') || line.includes('##') ? withoutMarks(line).replace(AT_BEGIN, '$1\\u003a') : line;
}

/** A command of GitHub Actions that gives no other command. */
export function withoutMarks(line: string): string {
  return line.replace(ANYWHERE, '\\u0023');
}
