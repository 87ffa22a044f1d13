import { App } from 'cdk8s';
import { steps } from './steps';

// cdk8s-cli throws away what an app prints, so that what the steps mean is told by a program of its own.
for (const { name, build } of steps) {
  console.log(`\n== ${name}`);
  for (const service of build(new App())) console.log(service.summary());
}
