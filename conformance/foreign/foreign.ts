import { compareForeignAdmission } from './admission';
import { foldersOf, foreignFiles } from './corpus';
import { compareGatewayApi } from './gateway-api';
import { istiodsConditions, keptConditions } from './gateway-api-conditions';
import { compareForeignTranslation } from './translation';
import { keptSuite, suiteOfModule } from '../gateway-suite/suite';
import type { Report } from '../report';

/** Compares us with istiod on the manifests of Istio's own repository. */
export async function judgeForeign(report: Report, share: number): Promise<void> {
  const files = foreignFiles(share);
  const isWhole = share === 1;
  const admission = await compareForeignAdmission(files, isWhole);
  report.add(
    "we reject, accept and warn about the documents of Istio's samples and tests as istiod does",
    admission.wrong,
    admission.figure,
  );
  const translation = await compareForeignTranslation([...files, ...foldersOf(files)], isWhole);
  const conversion = compareGatewayApi();
  report.add("we convert the Gateway API objects of Istio's own tests as istiod does", conversion.wrong, conversion.figure);
  const [kept, conditions] = [keptConditions(), istiodsConditions()].map(({ inputs }) => inputs.map(each => JSON.stringify(each)));
  report.add("the kept conditions of Istio's own tests of the Gateway API are istiod's", conditions.filter(each => !kept.includes(each)),
    `${conditions.length} inputs`);
  const suite = suiteOfModule();
  const isKept = JSON.stringify(suite) === JSON.stringify(keptSuite());
  report.add('the kept conformance tests of the Gateway API project are those of its module',
    isKept ? [] : ['run conformance/gateway-suite/suite.ts'], `${suite.tests.length} tests`);
  report.add('we translate the files and folders of Istio\'s samples and tests as istiod does', translation.wrong, translation.figure);
}
