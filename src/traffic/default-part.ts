/** A part of TrafficDefaults. */
export enum DefaultPart {
  /** `timeout`. */
  TIMEOUT = 'timeout',
  /** `retries`. */
  RETRIES = 'retries',
  /** `connectionPool`. */
  CONNECTION_POOL = 'connectionPool',
  /** `outlierDetection`. */
  OUTLIER_DETECTION = 'outlierDetection',
  /** `retryBudget`. */
  RETRY_BUDGET = 'retryBudget',
  /** `loadBalancer`. */
  LOAD_BALANCER = 'loadBalancer',
  /** `accessLogging`. */
  ACCESS_LOGGING = 'accessLogging',
}
