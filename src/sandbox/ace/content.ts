import type { AceRecord } from '../../ace/ace-record.ts';
import { person } from './people.ts';
import type { Chance } from './random.ts';

const companies = [
  ['Nordlicht Logistik', 'nordlicht-logistik.example', 'Transportation & Logistics'],
  ['Harbor Health Partners', 'harborhealth.example', 'Healthcare'],
  ['Cedar & Pine Retail', 'cedarpine.example', 'Retail'],
  ['Atlas Precision Works', 'atlasprecision.example', 'Manufacturing'],
  ['Bluebird Media Group', 'bluebirdmedia.example', 'Media & Entertainment'],
  ['Sundial Insurance', 'sundial-insurance.example', 'Financial Services'],
  ['Orchard Valley Foods', 'orchardvalley.example', 'Consumer Goods'],
  ['Meridian Telecom', 'meridiantel.example', 'Telecommunications'],
  ['Quarry Lane Games', 'quarrylane.example', 'Gaming'],
  ['Lighthouse Biotech', 'lighthouse-bio.example', 'Life Sciences'],
] as const;

const places = [
  {
    country: 'United States',
    state: 'Washington',
    city: 'Seattle',
    postalCode: '98101',
    streetAddress: '100 Pine Street',
  },
  {
    country: 'United States',
    state: 'Texas',
    city: 'Austin',
    postalCode: '78701',
    streetAddress: '12 Congress Avenue',
  },
  { country: 'Germany', city: 'Hamburg', postalCode: '20095', streetAddress: 'Speicherweg 4' },
  { country: 'France', city: 'Lyon', postalCode: '69002', streetAddress: '8 rue du Port' },
  { country: 'Australia', city: 'Perth', postalCode: '6000', streetAddress: '21 Harbour Road' },
] as const;

const projects = [
  {
    title: 'move the data warehouse',
    v1: 'Big Data',
    v2: 'Big Data: Data Warehouse / Data Integration / ETL / Data Lake / BI',
  },
  { title: 'run services in containers', v1: 'Containers & Serverless', v2: 'Containers & Serverless' },
  { title: 'connect the machines on the floor', v1: 'IOT', v2: 'IOT' },
  { title: 'modernize energy forecasting', v1: 'Energy', v2: 'Energy' },
  { title: 'renew the core banking interfaces', v1: 'Financial Services', v2: 'Financial Services' },
] as const;

const needs = {
  1: ['Architectural validation', 'Technical consultation', 'Deal support'],
  2: ['Co-Sell - Architectural Validation', 'Co-Sell - Technical Consultation', 'Co-Sell - Deal Support'],
} as const;

const dayMs = 24 * 60 * 60 * 1000;

/** The date so many days from `from`, in GMT as all of ACE's dates: YYYY-MM-DD. */
export function dateAfter(from: Date, days: number): string {
  return new Date(from.getTime() + days * dayMs).toISOString().slice(0, 10);
}

/** What AWS or a partner could have entered for an opportunity: every field that create requires, and the contacts. */
export function opportunityContent(chance: Chance, version: 1 | 2, now: Date, key: string): AceRecord {
  const [company, domain, industry] = chance.oneOf(companies, 'company', key);
  const project = chance.oneOf(projects, 'project', key);
  const customer = person(chance, domain, 'customer', key);
  const seller = person(chance, 'partner.example', 'seller', key);
  return {
    ...chance.oneOf(places, 'place', key),
    customerCompanyName: company,
    customerWebsite: `https://www.${domain}`,
    industry,
    customerFirstName: customer.firstName,
    customerLastName: customer.lastName,
    customerEmail: customer.email,
    customerPhone: customer.phone,
    customerTitle: 'Head of Platforms',
    partnerProjectTitle: `${company}: ${project.title}`,
    projectDescription: `${company} wants to ${project.title} within the year and asks for a partner with references in its industry.`,
    useCase: version === 2 ? project.v2 : project.v1,
    deliveryModel: chance.oneOf(['SaaS or PaaS', 'Managed Services', 'Professional Services'], 'delivery', key),
    partnerPrimaryNeedFromAws: chance.oneOf(needs[version], 'need', key),
    expectedMonthlyAwsRevenue: chance.whole(5, 400, 'revenue', key) * 100,
    targetCloseDate: dateAfter(now, chance.whole(30, 240, 'close', key)),
    IsOppFromMarketingActivity: 'No',
    primaryContactFirstName: seller.firstName,
    primaryContactLastName: seller.lastName,
    primaryContactEmail: seller.email,
    primaryContactPhone: seller.phone,
    nextStep: 'First call with the customer',
    ...(version === 2
      ? {
          opportunityType: 'Net New Business',
          doesOppBelongToNatSec: 'No',
          salesActivities: 'Initialized discussions with customer',
          // Not Other, which ACE no longer takes from the stage Committed on.
          solutionOffered: [`S-${chance.whole(1_000_000, 9_999_999, 'solution', key)}`],
        }
      : {}),
  };
}

/** What AWS's marketing hands over as a lead. */
export function leadContent(chance: Chance, key: string): AceRecord {
  const [company, domain] = chance.oneOf(companies, 'company', key);
  const contact = person(chance, domain, 'lead', key);
  return {
    ...chance.oneOf(places, 'place', key),
    company,
    website: `https://www.${domain}`,
    fullName: `${contact.firstName} ${contact.lastName}`,
    email: contact.email,
    phone: contact.phone,
    title: 'IT Manager',
    industry: chance.oneOf(['Healthcare', 'Retail', 'Manufacturing', 'Financial Services'], 'industry', key),
    segmentCompanySize: chance.oneOf(['1-50', '51-500', '501-5000'], 'size', key),
    levelofAWSUsage: chance.oneOf(['None', 'Evaluating', 'In production'], 'usage', key),
    useCaseWorkload: chance.oneOf(['Big Data', 'Big Data;Content Delivery', 'Web Application'], 'workload', key),
    projectDescription: `${company} asked at an AWS event for help with its first workloads.`,
    leadSource: 'AWS Event',
    leadAge: chance.whole(1, 30, 'age', key),
    campaignName: 'AWS Summit Follow-up',
    campaignMemberStatus: 'Registered',
    status: 'Open',
  };
}
