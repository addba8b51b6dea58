/**
 * A certificate for localhost that nobody has signed, and its key: for servers that must not be
 * trusted. It protects nothing and is valid until 2126.
 */
export const selfSigned = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPHqR8+cZHvrrVWrh
8v+6MkjHOyeYfiRhaM+ksZMNo46hRANCAAQV+ImOAD0Ojk9Seo9tSbUqC0OGV74C
xehBMCQ4FFAuTZJcHODxr1h6B+MYe1Wgx259n+/uvGpx6bc0bF36ncyj
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUMPQZCCREC1NCTX05G0iZSFerHY4wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MjY0N1oYDzIxMjYxMDI5
MTgyNjQ3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQV+ImOAD0Ojk9Seo9tSbUqC0OGV74CxehBMCQ4FFAuTZJcHODxr1h6
B+MYe1Wgx259n+/uvGpx6bc0bF36ncyjo28wbTAdBgNVHQ4EFgQUXx/SD560EdrF
wy9eGFhCegdgtwAwHwYDVR0jBBgwFoAUXx/SD560EdrFwy9eGFhCegdgtwAwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgdMaUlWiU9u2deTx2aLLpVGdpGVajL24wOKhFtJ/o+08CIQDg
wins29tGPpPBTczBpwQBQrQFUdksC/11Ur087elx8g==
-----END CERTIFICATE-----`,
}
