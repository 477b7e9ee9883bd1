import type { Component, ComponentType, MetadataValue } from './component.ts';
import { dataModelComponents } from './data-model-components.ts';

/**
 * The data model as Salesforce source, for a release pipeline instead of `salesforce setup`: one file per component in
 * the layout of the Salesforce CLI, a manifest that deploys all of it and one that takes all of it out again.
 */

const folderOf: Readonly<Record<ComponentType, { readonly folder: string; readonly suffix: string }>> = {
  CustomObject: { folder: 'objects', suffix: 'object' },
  CustomField: { folder: 'fields', suffix: 'field' },
  ValidationRule: { folder: 'validationRules', suffix: 'validationRule' },
  ListView: { folder: 'listViews', suffix: 'listView' },
  QuickAction: { folder: 'quickActions', suffix: 'quickAction' },
  Layout: { folder: 'layouts', suffix: 'layout' },
  CustomTab: { folder: 'tabs', suffix: 'tab' },
  PermissionSet: { folder: 'permissionsets', suffix: 'permissionset' },
};

/** Types whose files lie below their object and are named without it. */
const belowObject = new Set<ComponentType>(['CustomField', 'ValidationRule', 'ListView']);

const namespace = 'http://soap.sforce.com/2006/04/metadata';
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Text by path, relative to the source folder. */
export function sourceFiles(apiVersion: string, components = dataModelComponents()): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const component of components) files.set(`force-app/main/default/${pathOf(component)}`, fileOf(component));
  files.set('manifest/package.xml', manifest(components, apiVersion));
  // To uninstall, Salesforce wants an empty package beside the list of what goes.
  files.set('manifest/uninstall/package.xml', manifest([], apiVersion));
  // Layouts go with their objects.
  files.set(
    'manifest/uninstall/destructiveChanges.xml',
    manifest(
      components.filter(({ type }) => type !== 'Layout'),
      apiVersion,
    ),
  );
  const project = { packageDirectories: [{ path: 'force-app', default: true }], sourceApiVersion: apiVersion };
  files.set('sfdx-project.json', `${JSON.stringify(project, null, 2)}\n`);
  return files;
}

function pathOf({ type, fullName }: Component): string {
  const { folder, suffix } = folderOf[type];
  const [object = '', name = ''] = fullName.split('.');
  if (type === 'CustomObject') return `objects/${fullName}/${fullName}.object-meta.xml`;
  if (belowObject.has(type)) return `objects/${object}/${folder}/${name}.${suffix}-meta.xml`;
  return `${folder}/${fullName}.${suffix}-meta.xml`;
}

function fileOf(component: Component): string {
  const { type, fullName } = component;
  const name = fullName.split('.').at(-1) ?? fullName;
  const body = belowObject.has(type) ? { fullName: name, ...component.body } : component.body;
  return `${declaration}<${type} xmlns="${namespace}">\n${elements(body, 1)}</${type}>\n`;
}

/** Elements in alphabetical order, as the Salesforce CLI writes them, so that retrieving shows no differences. */
function elements(value: { readonly [name: string]: MetadataValue }, depth: number): string {
  return Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, content]) =>
      (isList(content) ? content : [content]).map((item) => element(name, item, depth)).join(''),
    )
    .join('');
}

function element(name: string, value: MetadataValue, depth: number): string {
  const indent = '    '.repeat(depth);
  if (typeof value !== 'object') return `${indent}<${name}>${escapeXml(String(value))}</${name}>\n`;
  if (isList(value)) return value.map((item) => element(name, item, depth)).join('');
  if (Object.keys(value).length === 0) return `${indent}<${name}/>\n`;
  return `${indent}<${name}>\n${elements(value, depth + 1)}${indent}</${name}>\n`;
}

function isList(value: MetadataValue): value is readonly MetadataValue[] {
  return Array.isArray(value);
}

function manifest(components: readonly Component[], apiVersion: string): string {
  const types = [...new Set(components.map((component) => component.type))].sort();
  const lists = types.map((type) => {
    const members = components.filter((component) => component.type === type).map((component) => component.fullName);
    const lines = members.sort().map((member) => `        <members>${escapeXml(member)}</members>\n`);
    return `    <types>\n${lines.join('')}        <name>${type}</name>\n    </types>\n`;
  });
  return `${declaration}<Package xmlns="${namespace}">\n${lists.join('')}    <version>${apiVersion}</version>\n</Package>\n`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
