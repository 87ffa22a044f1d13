import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { answerOf as AnswerOf } from './answer';
import type { Mutant } from './instrument';
import { instrumented, SWITCHBOARD } from './instrument';
import { Switchboard } from './switchboard';

/** The mutated sources: those of the translator, and of the conversion of the Gateway API that comes before it. */
const TRANSLATOR = ['envoy', 'gateway-api'].map(folder => join(__dirname, '../../src', folder) + sep);
const isOfTranslator = (file: string): boolean => TRANSLATOR.some(folder => file.startsWith(folder));
/** Modules that keep the loaded translator. */
const HOLDERS = ['./answer', './conversions', '../translation', '../access/comparison'].map(module => require.resolve(module));

type Compile = (module: NodeJS.Module & { _compile(code: string, file: string): void }, file: string) => void;

/** The translator with every mistake compiled in, but inactive. */
export class MutatedTranslator {
  public readonly mutants: Mutant[] = [];
  public readonly switchboard = new Switchboard();
  /** The mistakes whose places are reached while the translator loads. */
  public atLoad: ReadonlySet<number> = new Set();
  private readonly compiled = new Map<string, string>();
  private answer!: typeof AnswerOf;

  constructor() {
    Object.assign(globalThis, { [SWITCHBOARD]: this.switchboard });
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const extensions = require.extensions as unknown as { '.ts': Compile };
    const others = extensions['.ts'];
    extensions['.ts'] = (module, file) => (isOfTranslator(file) ? module._compile(this.codeOf(file), file) : others(module, file));
    this.load();
  }

  /** Reloads the translator, so values that are computed at module load have the mistake. */
  public load(mistake = -1): void {
    this.switchboard.reached.clear();
    for (const file of Object.keys(require.cache)) if (isOfTranslator(file) || HOLDERS.includes(file)) delete require.cache[file];
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    this.answer = this.switchboard.with(mistake, () => (require('./answer') as { answerOf: typeof AnswerOf }).answerOf);
    if (mistake < 0) this.atLoad = new Set(this.switchboard.reached);
  }

  /** The answer of the translator with a mistake. */
  public readonly ask: (mistake: number, ...asked: Parameters<typeof AnswerOf>) => ReturnType<typeof AnswerOf> = (mistake, ...asked) => (
    this.switchboard.with(mistake, () => this.answer(...asked)));

  private codeOf(file: string): string {
    const known = this.compiled.get(file) ?? instrumented(readFileSync(file, 'utf8'), file, this.mutants);
    this.compiled.set(file, known);
    return known;
  }
}
