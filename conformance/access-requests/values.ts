/** The values of generated calls: those that the generated policies name, and others near them. */
export const VALUES = {
  methods: ['GET', 'GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'PATCH', 'DELETE'],
  paths: [
    '/', '/api', '/api/', '/api/1', '/apis', '/x/info', '/info', '/x/info?q=1',
    '/t/1/x', '/t//x', '/t/1/2/x', '/t/1/x/', '/g/', '/g',
    '/g/1/2', '/a+b/(c)', '/a%2Bb/(c)', '/api/../info', '/./api', '/%61pi', '/api%2F1', '//api', '/API', '/api;a', '/x\\info',
    '/api?x=/info', '/api/%2e%2e/t/1/x',
  ],
  hosts: [
    'shop.example.com', 'SHOP.example.com', 'a.example.com', 'example.com', 'shop.other', 'shop.example.com:8080', 'other.org',
    'a.example.com:80',
  ],
  words: ['a', 'ab', 'xb', 'b', 'x.y+z', 'xxy+z', 'A', 'a,b'],
  forwarded: [
    '127.0.0.1', '127.1.2.9', '127.1.2.9, 127.9.9.9', '127.9.9.9, 127.1.2.3', '2001:db8::1', 'unknown', '127.1.9.9,127.0.0.1', '10.0.0.1',
  ],
  sources: ['127.0.0.1', '127.1.2.9', '127.1.9.9', '127.9.9.9'],
  accounts: ['shop/web', 'shop/orders', 'other/web', 'other/orders', 'shop/x', 'a.b/c', 'istio-system/web', 'oxr/web'],
  serverNames: ['a.example.com', 'b.example.com', 'example.com', 'outbound_.80_._.web-0.shop.svc.cluster.local'],
} as const;
