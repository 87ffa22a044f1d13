import { ask, drift, orphans, write } from './goldens';
import { cases } from '../test/conformance/cases';

async function goldens(writing: boolean): Promise<string[]> {
  const answers = await ask(cases);
  if (writing) {
    write(answers);
    console.log(`${answers.size} goldens written`);
    return [];
  }
  return [...cases.flatMap(c => drift(c.name, answers.get(c.name)!)), ...orphans(cases).map(name => `${name}: a golden without a case`)];
}

goldens(process.argv.includes('--write')).then(wrong => {
  wrong.slice(0, 50).forEach(line => console.log(line));
  console.log(wrong.length);
}, (error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
