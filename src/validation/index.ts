export { TrafficValidation } from '../checks/validation-plugin';
export type { TrafficValidationProperties } from '../checks/validation-plugin';
