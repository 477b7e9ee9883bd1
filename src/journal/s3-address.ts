/** Bucket and prefix of `s3://bucket/prefix`, the prefix with one slash at its end or empty; null for a path. */
export function s3AddressOf(folder: string): { readonly bucket: string; readonly prefix: string } | null {
  const [, bucket, rest = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(folder) ?? [];
  if (bucket === undefined) return null;
  const prefix = rest.replace(/^\/+|\/+$/g, '');
  return { bucket, prefix: prefix === '' ? '' : `${prefix}/` };
}
