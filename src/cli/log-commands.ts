/** GitHub Actions executes a line that begins so. */
const AT_BEGIN = /^(\s*):(?=:)/;
/** GitHub Actions, Azure Pipelines and TeamCity execute these anywhere in a line. */
const ANYWHERE = /#(?=#(?:\[|vso\[|teamcity\[))/g;

/** The line without commands that a pipeline would execute when it reads its log. */
export function withoutCommands(line: string): string {
  return line.includes('::') || line.includes('##') ? withoutMarks(line).replace(AT_BEGIN, '$1\\u003a') : line;
}

/** A GitHub Actions command that contains no second command. */
export function withoutMarks(line: string): string {
  return line.replace(ANYWHERE, '\\u0023');
}
