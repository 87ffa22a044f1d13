import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { answerOf as AnswerOf } from './answer';
import type { Mutant } from './instrument';
import { instrumented, SWITCHBOARD } from './instrument';
import { Switchboard } from './switchboard';

/** The sources that get mistakes: the translator's. */
const TRANSLATOR = join(__dirname, '../../src/envoy') + sep;
/** What holds on to the translator once it is loaded. */
const HOLDERS = [require.resolve('./answer'), require.resolve('../translation')];

type Compile = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

/** The translator with every mistake in it, none of which it makes until it is asked to. */
export class MutatedTranslator {
  public readonly mutants: Mutant[] = [];
  public readonly switchboard = new Switchboard();
  private readonly compiled = new Map<string, string>();
  private answer!: typeof AnswerOf;

  constructor() {
    Object.assign(globalThis, { [SWITCHBOARD]: this.switchboard });
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const extensions = require.extensions as unknown as { '.ts': Compile };
    const others = extensions['.ts'];
    extensions['.ts'] = (module, file) => (file.startsWith(TRANSLATOR) ? module._compile(this.codeOf(file), file) : others(module, file));
    this.load();
  }

  /** Loads the translator anew, so that what is made when a module is loaded has the mistake. */
  public load(mistake = -1): void {
    for (const file of Object.keys(require.cache)) if (file.startsWith(TRANSLATOR) || HOLDERS.includes(file)) delete require.cache[file];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    this.answer = this.switchboard.with(mistake, () => (require('./answer') as { answerOf: typeof AnswerOf }).answerOf);
  }

  /** What the translator answers with a mistake. */
  public readonly ask: (mistake: number, ...asked: Parameters<typeof AnswerOf>) => ReturnType<typeof AnswerOf> = (mistake, ...asked) => (
    this.switchboard.with(mistake, () => this.answer(...asked)));

  private codeOf(file: string): string {
    const known = this.compiled.get(file) ?? instrumented(readFileSync(file, 'utf8'), file, this.mutants);
    this.compiled.set(file, known);
    return known;
  }
}
