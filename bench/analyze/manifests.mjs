/**
 * N typical services: a Service, two Deployments, a DestinationRule with two subsets and a VirtualService that splits between them. With
 * `mistakes`, each VirtualService routes to one subset that is not defined.
 */
export function manifests(count, { mistakes = false } = {}) {
  const documents = [];
  for (let i = 0; i < count; i++) {
    const [name, namespace] = [`service-${i}`, `team-${i % 20}`];
    documents.push(`apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      targetPort: 8080
`);
    for (const version of ['v1', 'v2']) {
      documents.push(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-${version}
  namespace: ${namespace}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
      version: ${version}
  template:
    metadata:
      labels:
        app: ${name}
        version: ${version}
    spec:
      containers:
        - name: app
          image: example.com/${name}:${version}
          ports:
            - containerPort: 8080
`);
    }
    documents.push(`apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  host: ${name}.${namespace}.svc.cluster.local
  trafficPolicy:
    connectionPool:
      tcp:
        maxConnections: 100
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 10s
      baseEjectionTime: 30s
      maxEjectionPercent: 100
  subsets:
    - name: v1
      labels:
        version: v1
    - name: v2
      labels:
        version: v2
`, `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts:
    - ${name}.${namespace}.svc.cluster.local
  http:
    - name: internal
      match:
        - headers:
            x-cohort:
              exact: internal
          uri:
            prefix: /api
      route:
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: v2
            port:
              number: 80
      timeout: 5s
    - name: default
      route:
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: v1
            port:
              number: 80
          weight: 90
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: ${mistakes ? 'v3' : 'v2'}
            port:
              number: 80
          weight: 10
      retries:
        attempts: 2
        retryOn: connect-failure,503
`);
  }
  return documents.join('---\n');
}
