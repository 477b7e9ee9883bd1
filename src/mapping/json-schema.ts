import { z } from 'zod';
import { mappingSchema } from './mapping-file.ts';

/** The JSON Schema of mapping files, for editors; `mappings/mapping.schema.json` is this text. */
export function mappingJsonSchema(): string {
  const schema = z.toJSONSchema(mappingSchema, { io: 'input' });
  return `${JSON.stringify({ title: 'Mapping file of ace-sync', ...schema }, null, 2)}\n`;
}
